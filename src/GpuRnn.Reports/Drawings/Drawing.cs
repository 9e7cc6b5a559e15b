namespace GpuRnn.Reports.Drawings;

/// <summary>
/// A chart that is laid out: it knows its size and can draw itself on any canvas. All lengths are pixels of CSS, y downwards.
/// </summary>
abstract class Drawing
{
    /// <summary>At least the width that was asked for; more where the chart needs more to be read.</summary>
    public double Width { get; protected init; }
    public double Height { get; protected init; }
    public abstract void Draw(ICanvas canvas);
}
