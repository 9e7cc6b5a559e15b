using SkiaSharp;

namespace GpuRnn.Reports.Drawings;

/// <summary>Draws on a Skia canvas, in the colours of light mode. Tips are left out.</summary>
sealed class PngCanvas(SKCanvas canvas) : ICanvas
{
    public void Polyline(IReadOnlyList<Point> points, Stroke stroke, string? tip = null)
    {
        using SKPaint paint = new()
        {
            Color = Color(stroke.Tone), StrokeWidth = (float)stroke.Width, Style = SKPaintStyle.Stroke, IsAntialias = true,
            StrokeJoin = SKStrokeJoin.Round,
            PathEffect = stroke.Dashed ? SKPathEffect.CreateDash([6, 4], 0) : null,
        };
        using SKPath path = PathOf(points);
        canvas.DrawPath(path, paint);
    }

    public void Polygon(IReadOnlyList<Point> points, Tone fill, double opacity)
    {
        using SKPaint paint = new() { Color = Color(fill).WithAlpha((byte)(255 * opacity)), IsAntialias = true };
        using SKPath path = PathOf(points);
        canvas.DrawPath(path, paint);
    }

    public void Rectangles(IReadOnlyList<Box> boxes, Tone fill, string? tip = null)
    {
        using SKPaint paint = new() { Color = Color(fill) };
        foreach (Box box in boxes) canvas.DrawRect(Rectangle(box), paint);
    }

    public void Circle(Point centre, double radius, Tone fill, string? tip = null)
    {
        using SKPaint paint = new() { Color = Color(fill), IsAntialias = true };
        canvas.DrawCircle((float)centre.X, (float)centre.Y, (float)radius, paint);
    }

    public void Text(Point at, string text, Lettering lettering)
    {
        using SKPaint paint = new() { Color = Color(lettering.Tone), IsAntialias = true };
        using SKFont font = new(PngFonts.For(text, lettering), (float)lettering.Size) { Subpixel = true };
        SKTextAlign side =
            lettering.Anchor switch { Anchor.Middle => SKTextAlign.Center, Anchor.End => SKTextAlign.Right, _ => SKTextAlign.Left };
        canvas.Save();
        canvas.Translate((float)at.X, (float)at.Y);
        if (lettering.Upright) canvas.RotateDegrees(-90);
        canvas.DrawText(Escape.Clean(text), 0, 0, side, font, paint);
        canvas.Restore();
    }

    public void Picture(Box box, RgbPicture picture, string? tip = null)
    {
        using SKBitmap bitmap = Png.Bitmap(picture);
        using SKImage image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, Rectangle(box), new SKSamplingOptions(SKFilterMode.Nearest));
    }

    public void BeginClip(Box box)
    {
        canvas.Save();
        canvas.ClipRect(Rectangle(box));
    }

    public void EndClip() => canvas.Restore();

    static SKColor Color(Tone tone) => new(0xFF000000 | tone.Rgb);

    static SKRect Rectangle(Box box) => new((float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom);

    static SKPath PathOf(IReadOnlyList<Point> points)
    {
        SKPath path = new();
        path.AddPoly([.. points.Select(p => new SKPoint((float)p.X, (float)p.Y))], close: false);
        return path;
    }
}
