using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>One bar a category; where a value is not finite there is none, and the others move together.</summary>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Where the truth may lie: a thin line on each bar, from a low to a high.</summary>
    public ErrorBand? Band { get; init; }
    /// <inheritdoc cref="Series.Hue"/>
    public int? Hue { get; init; }
}

/// <summary>Categories that belong together: so many, in their order.</summary>
public readonly record struct CategoryGroup(string Name, int Count);

/// <summary>
/// Bars beside one another: ablations, accuracy by length. They stand, or lie where their names are too long to stand below them.
/// </summary>
public sealed record BarChart : Chart
{
    /// <exception cref="ArgumentException">A series has not one value a category.</exception>
    public BarChart(string title, string valueLabel, IReadOnlyList<string> categories, params IReadOnlyList<BarSeries> series) : base(title)
    {
        (ValueLabel, Categories, Series) = (valueLabel, categories, series);
        foreach (BarSeries s in series)
        {
            SameLength($"'{s.Name}'", s.Values.Count, categories.Count);
            if (s.Band is null) continue;
            SameLength($"the low band of '{s.Name}'", s.Band.Low.Count, categories.Count);
            SameLength($"the high band of '{s.Name}'", s.Band.High.Count, categories.Count);
        }
    }

    public string ValueLabel { get; }
    /// <summary>Names; a line feed breaks one below a standing bar.</summary>
    public IReadOnlyList<string> Categories { get; }
    /// <summary>What the categories are; may be empty.</summary>
    public string CategoryLabel { get; init; } = "";
    /// <summary>Neighbours under a heading of their own; all categories belong to one, or none does.</summary>
    public IReadOnlyList<CategoryGroup> Groups { get; init; } = [];
    /// <summary>The format of a number beside each bar, such as "0"; null for none.</summary>
    public string? ValueFormat { get; init; }
    public IReadOnlyList<BarSeries> Series { get; }
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];
    /// <summary>What the axis shows; without it, all bars from 0.</summary>
    public Limits? ValueLimits { get; init; }

    public override string Description => $"{Title}. Bars: {ValueLabel} of {string.Join(", ", Categories)}.";
    internal override Drawing Layout(double width) => new BarDrawing(this, width);
}
