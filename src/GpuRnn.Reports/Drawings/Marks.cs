namespace GpuRnn.Reports.Drawings;

/// <summary>Signs for points beside the dot, so that nothing hangs on colour alone.</summary>
static class Marks
{
    const double Size = 4.2;

    /// <summary>A triangle, open, around a point.</summary>
    public static void Triangle(ICanvas canvas, Point at, Tone tone, string? tip = null)
    {
        Point top = new(at.X, at.Y - Size), right = new(at.X + Size, at.Y + Size * 0.75), left = new(at.X - Size, at.Y + Size * 0.75);
        canvas.Polyline([left, top, right, left, top], new(tone, 1.6), tip); // the first corner twice: it is joined like the others
    }
}
