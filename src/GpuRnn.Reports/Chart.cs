using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>
/// What a chart shows, without how it is drawn. A new kind of chart is one record here and one <see cref="Drawing"/>: the SVG and the PNG
/// come of that one drawing.
/// </summary>
public abstract record Chart(string Title)
{
    /// <summary>A line below the title, such as where and when was measured; may be empty.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>What a screen reader says instead of the picture.</summary>
    public abstract string Description { get; }

    /// <summary>The drawing that lays this chart out in a width, in pixels of CSS.</summary>
    internal abstract Drawing Layout(double width);

    /// <summary>Throws ArgumentException where two lists that belong together differ in length.</summary>
    protected static void SameLength(string what, int length, int expected)
    {
        if (length != expected) throw new ArgumentException($"{what} has {length} values; {expected} belong there.");
    }
}
