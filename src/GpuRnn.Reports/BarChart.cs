using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>One bar a category; errors are half the length of the whisker, in the unit of the values.</summary>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values)
{
    public IReadOnlyList<double>? Errors { get; init; }
}

/// <summary>Bars beside one another: ablations, accuracy by length. They stand, or lie where their names are too long to stand below them.</summary>
public sealed record BarChart : Chart
{
    /// <exception cref="ArgumentException">A series has not one value a category.</exception>
    public BarChart(string title, string valueLabel, IReadOnlyList<string> categories, params IReadOnlyList<BarSeries> series) : base(title)
    {
        (ValueLabel, Categories, Series) = (valueLabel, categories, series);
        foreach (BarSeries s in series)
        {
            SameLength($"'{s.Name}'", s.Values.Count, categories.Count);
            if (s.Errors is not null) SameLength($"errors of '{s.Name}'", s.Errors.Count, categories.Count);
        }
    }

    public string ValueLabel { get; }
    public IReadOnlyList<string> Categories { get; }
    public IReadOnlyList<BarSeries> Series { get; }
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];
    /// <summary>What the axis shows; without it, all bars from 0.</summary>
    public Limits? ValueLimits { get; init; }

    public override string Description => $"{Title}. Bars: {ValueLabel} of {string.Join(", ", Categories)}.";
    internal override Drawing Layout(double width) => new BarDrawing(this, width);
}
