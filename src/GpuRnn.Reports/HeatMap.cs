using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>Sequential from dark to light; diverging from blue over white to red, white in the middle of the range.</summary>
public enum ColorScale { Sequential, Diverging }

/// <summary>
/// A matrix as coloured cells, row 0 on top: confusion matrices, gates
/// over a text, attention, mean pictures. What is not finite stays empty.
/// </summary>
public sealed record HeatMap : Chart
{
    /// <exception cref="ArgumentException">There are labels, and not one for each row and column.</exception>
    public HeatMap(string title, double[,] values, IReadOnlyList<string> rowLabels, IReadOnlyList<string> columnLabels) : base(title)
    {
        (Values, RowLabels, ColumnLabels) = (values, rowLabels, columnLabels);
        if (rowLabels.Count > 0) SameLength("row labels", rowLabels.Count, values.GetLength(0));
        if (columnLabels.Count > 0) SameLength("column labels", columnLabels.Count, values.GetLength(1));
    }

    public double[,] Values { get; }
    /// <summary>May be empty: then the rows have no labels.</summary>
    public IReadOnlyList<string> RowLabels { get; }
    /// <summary>May be empty: then the columns have no labels.</summary>
    public IReadOnlyList<string> ColumnLabels { get; }
    /// <summary>What the columns are, such as "predicted".</summary>
    public string XLabel { get; init; } = "";
    /// <summary>What the rows are, such as "true".</summary>
    public string YLabel { get; init; } = "";
    public ColorScale Scale { get; init; }
    /// <summary>The values at the ends of the colours; without it, the least and the most (diverging: as far below 0 as above).</summary>
    public Limits? Range { get; init; }
    /// <summary>The format of a number in each cell, such as "0.00"; null for none. Where it does not fit, it is left out.</summary>
    public string? CellFormat { get; init; }
    /// <summary>Cells as high as wide, as pixels of a picture.</summary>
    public bool Square { get; init; }

    public override string Description =>
        $"{Title}. Heat map: {Values.GetLength(0)} rows {YLabel}, {Values.GetLength(1)} columns {XLabel}.";
    internal override Drawing Layout(double width) => new HeatMapDrawing(this, width);
}
