using System.Globalization;

namespace GpuRnn.Reports.Drawings;

/// <summary>A heat map: cells, labels on the left and above, and the scale of colours.</summary>
sealed class HeatMapDrawing : Drawing
{
    const double WidestCell = 64, Tallest = 420, HighestCell = 30, LowestCell = 5, CharacterCell = 8, LabelSize = 11;
    const int MostTips = 1200;
    readonly HeatMap chart;
    readonly Header header;
    readonly HeatMapLabels labels;
    readonly Limits range;
    readonly int rows, columns;

    public HeatMapDrawing(HeatMap chart, double width)
    {
        this.chart = chart;
        (rows, columns, range) = (chart.Values.GetLength(0), chart.Values.GetLength(1), RangeOf(chart));
        labels = new(chart);
        double left = labels.LeftWidth(width * 0.35);
        // a text's characters must stay readable: rather a wide picture than unreadable letters
        double least = labels.Characters ? CharacterCell : 1.5;
        double cellWidth = Math.Clamp((width - left - 2) / Math.Max(1, columns), least, WidestCell);
        double cellHeight = Math.Clamp(Tallest / Math.Max(1, rows), LowestCell, HighestCell);
        if (chart.Square) cellWidth = cellHeight = Math.Max(least, Math.Min(cellWidth, Math.Max(3, Tallest / Math.Max(1, rows))));
        Width = Math.Max(width, left + columns * cellWidth + 2);
        header = new(chart, [], AxesNote(), width);
        Area = new(left, header.Height + HeatMapScale.Height + labels.TopHeight(cellWidth), columns * cellWidth, rows * cellHeight);
        Height = Area.Bottom + 8;
    }

    /// <summary>Where the cells are drawn.</summary>
    public Box Area { get; }

    public override void Draw(ICanvas canvas)
    {
        header.Draw(canvas);
        new HeatMapScale(range, chart.Scale).Draw(canvas, new(0, header.Height));
        if (rows == 0 || columns == 0) return;
        DrawCells(canvas);
        labels.Draw(canvas, Area);
        if (chart.CellFormat is not null) DrawNumbers(canvas, chart.CellFormat);
    }

    string AxesNote() => (chart.YLabel.Length > 0, chart.XLabel.Length > 0) switch
    {
        (true, true) => $"rows: {chart.YLabel}; columns: {chart.XLabel}",
        (true, false) => $"rows: {chart.YLabel}",
        (false, true) => $"columns: {chart.XLabel}",
        _ => "",
    };

    static Limits RangeOf(HeatMap chart)
    {
        if (chart.Range is { } given) return given;
        Limits all = Axis.Around(chart.Values.Cast<double>(), false, 0);
        double most = Math.Max(Math.Abs(all.Low), Math.Abs(all.High));
        return chart.Scale == ColorScale.Diverging ? new(-most, most) : all;
    }

    Box Cell(int row, int column)
    {
        double width = Area.Width / columns, height = Area.Height / rows;
        return new(Area.Left + column * width, Area.Top + row * height, width, height);
    }

    void DrawCells(ICanvas canvas)
    {
        canvas.Rectangles([Area], Tone.Grid);
        var shown = from row in Enumerable.Range(0, rows)
                    from column in Enumerable.Range(0, columns)
                    let value = chart.Values[row, column]
                    where double.IsFinite(value)
                    select (Box: Cell(row, column), Step: ColorRamp.StepOf(value, range), Row: row, Column: column);
        if (rows * columns <= MostTips)
            foreach (var cell in shown) canvas.Rectangles([cell.Box], ColorRamp.ToneOf(cell.Step, chart.Scale), Tip(cell.Row, cell.Column));
        else // one shape a colour keeps the file small
            foreach (var color in shown.GroupBy(c => c.Step))
                canvas.Rectangles([.. color.Select(c => c.Box)], ColorRamp.ToneOf(color.Key, chart.Scale));
    }

    string Tip(int row, int column) => $"{labels.Row(row)}, {labels.Column(column)}: {Numbers.Short(chart.Values[row, column])}";

    void DrawNumbers(ICanvas canvas, string format)
    {
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                double value = chart.Values[row, column];
                string text = value.ToString(format, CultureInfo.InvariantCulture);
                Box cell = Cell(row, column);
                if (!double.IsFinite(value) || cell.Height < LabelSize + 2 || TextSize.Width(text, LabelSize) > cell.Width) continue;
                Tone ink = ColorRamp.ToneOf(ColorRamp.StepOf(value, range), chart.Scale).Contrast;
                canvas.Text(new(cell.Left + cell.Width / 2, cell.Top + cell.Height / 2 + 4), text, new(ink, LabelSize, Anchor.Middle));
            }
    }
}
