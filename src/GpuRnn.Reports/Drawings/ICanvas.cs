namespace GpuRnn.Reports.Drawings;

readonly record struct Point(double X, double Y);

/// <summary>A rectangle.</summary>
readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;
    public double Bottom => Top + Height;
}

readonly record struct Stroke(Tone Tone, double Width = 1, bool Dashed = false);

enum Anchor { Start, Middle, End }

/// <summary>How text looks; its size is in pixels. Upright text reads from below to above.</summary>
sealed record Lettering(Tone Tone, double Size = 12, Anchor Anchor = Anchor.Start, bool Bold = false, bool Mono = false,
    bool Upright = false);

/// <summary>What drawings draw on. A tip is text that shows where the pointer rests, where the medium can do that.</summary>
interface ICanvas
{
    void Polyline(IReadOnlyList<Point> points, Stroke stroke, string? tip = null);

    void Polygon(IReadOnlyList<Point> points, Tone fill, double opacity);

    void Rectangles(IReadOnlyList<Box> boxes, Tone fill, string? tip = null);

    void Circle(Point centre, double radius, Tone fill, string? tip = null);

    /// <summary>One line of text, its anchor on the base line.</summary>
    void Text(Point at, string text, Lettering lettering);

    void Picture(Box box, RgbPicture picture, string? tip = null);

    /// <summary>What is drawn until <see cref="EndClip"/> shows in the box alone. Clips do not nest.</summary>
    void BeginClip(Box box);

    void EndClip();
}
