using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>
/// How a series is drawn: a line with dots, points alone as dots or triangles, a dashed line, stairs, a line without dots.
/// </summary>
public enum SeriesStyle { Line, Points, Triangles, Dashed, Step, Plain }

/// <summary>A least and a most, least below most.</summary>
public readonly record struct Limits(double Low, double High);

/// <summary>A horizontal line with a name, such as what chance reaches.</summary>
public sealed record ReferenceLine(string Name, double Value);

/// <summary>Where the truth may lie around a series, a low and a high for each of its points.</summary>
public sealed record ErrorBand(IReadOnlyList<double> Low, IReadOnlyList<double> High);

/// <summary>
/// Points in their order; where one of their numbers is not finite (or not positive on a logarithmic axis), the line has a gap.
/// </summary>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    public SeriesStyle Style { get; init; }
    /// <summary>
    /// Which of the charts' colours, so that series of one kind look alike in several charts; without it, by the place in the chart.
    /// </summary>
    public int? Hue { get; init; }
    public ErrorBand? Band { get; init; }
}

/// <summary>Series over an axis of numbers: loss curves, ROC, calibration, norms along time.</summary>
public sealed record LineChart : Chart
{
    /// <exception cref="ArgumentException">A series has not as many y (or errors) as x.</exception>
    public LineChart(string title, string xLabel, string yLabel, params IReadOnlyList<Series> series) : base(title)
    {
        (XLabel, YLabel, Series) = (xLabel, yLabel, series);
        foreach (Series s in series)
        {
            SameLength($"y of '{s.Name}'", s.Y.Count, s.X.Count);
            if (s.Band is null) continue;
            SameLength($"the low band of '{s.Name}'", s.Band.Low.Count, s.X.Count);
            SameLength($"the high band of '{s.Name}'", s.Band.High.Count, s.X.Count);
        }
    }

    public string XLabel { get; }
    public string YLabel { get; }
    public IReadOnlyList<Series> Series { get; }
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];
    public bool LogX { get; init; }
    public bool LogY { get; init; }
    /// <summary>What the axis shows; without it, all points.</summary>
    public Limits? XLimits { get; init; }
    /// <inheritdoc cref="XLimits"/>
    public Limits? YLimits { get; init; }
    /// <summary>Is the first series drawn above the others, rather than the last?</summary>
    public bool FirstOnTop { get; init; }

    public override string Description => $"{Title}. Lines: {YLabel} over {XLabel}; {string.Join(", ", Series.Select(s => s.Name))}.";
    internal override Drawing Layout(double width) => new LineDrawing(this, width);
}
