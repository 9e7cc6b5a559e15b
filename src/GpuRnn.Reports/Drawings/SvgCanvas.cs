using System.Globalization;
using System.Text;

namespace GpuRnn.Reports.Drawings;

/// <summary>Draws as the elements of an SVG. A tenth of a pixel is as fine as it gets.</summary>
sealed class SvgCanvas : ICanvas
{
    readonly StringBuilder svg = new();

    /// <summary>The elements, without the svg element around them.</summary>
    public string Elements => svg.ToString();

    public void Polyline(IReadOnlyList<Point> points, Stroke stroke, string? tip = null)
    {
        string dashes = stroke.Dashed ? " stroke-dasharray=\"6 4\"" : "";
        Element("polyline",
            $"points=\"{Points(points)}\" fill=\"none\" "
            + $"stroke=\"{Color(stroke.Tone)}\" stroke-width=\"{N(stroke.Width)}\" stroke-linejoin=\"round\"{dashes}",
            tip);
    }

    public void Polygon(IReadOnlyList<Point> points, Tone fill, double opacity) =>
        Element("polygon",
            $"points=\"{Points(points)}\" fill=\"{Color(fill)}\" "
            + $"fill-opacity=\"{opacity.ToString("0.##", CultureInfo.InvariantCulture)}\"",
            null);

    public void Rectangles(IReadOnlyList<Box> boxes, Tone fill, string? tip = null)
    {
        StringBuilder path = new();
        // corners are rounded, not sizes, and edges are crisp: neighbours must meet without a seam
        foreach (Box b in boxes)
            path.Append(CultureInfo.InvariantCulture, $"M{N(b.Left)} {N(b.Top)}H{N(b.Right)}V{N(b.Bottom)}H{N(b.Left)}z");
        Element("path", $"d=\"{path}\" fill=\"{Color(fill)}\" shape-rendering=\"crispEdges\"", tip);
    }

    public void Circle(Point centre, double radius, Tone fill, string? tip = null) =>
        Element("circle", $"cx=\"{N(centre.X)}\" cy=\"{N(centre.Y)}\" r=\"{N(radius)}\" fill=\"{Color(fill)}\"", tip);

    public void Text(Point at, string text, Lettering lettering)
    {
        if (text.Length == 0) return;
        StringBuilder attributes = new($"x=\"{N(at.X)}\" y=\"{N(at.Y)}\" fill=\"{Color(lettering.Tone)}\"");
        if (lettering.Size != SvgWriter.TextSize) attributes.Append(CultureInfo.InvariantCulture, $" font-size=\"{N(lettering.Size)}\"");
        if (lettering.Anchor != Anchor.Start)
            attributes.Append(CultureInfo.InvariantCulture, $" text-anchor=\"{(lettering.Anchor == Anchor.Middle ? "middle" : "end")}\"");
        if (lettering.Bold) attributes.Append(" font-weight=\"600\"");
        if (lettering.Mono) attributes.Append(" font-family=\"ui-monospace, Menlo, Consolas, monospace\"");
        if (lettering.Upright) attributes.Append(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 {N(at.X)} {N(at.Y)})\"");
        svg.Append(CultureInfo.InvariantCulture, $"<text {attributes}>{Escape.Text(text)}</text>\n");
    }

    public void Picture(Box box, RgbPicture picture, string? tip = null)
    {
        string data = Convert.ToBase64String(Png.Encode(picture));
        Element("image",
            $"{Place(box)} preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{data}\"", tip);
    }

    // An svg in an svg clips, and needs no identifier that another chart of the page could have too.
    public void BeginClip(Box box) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg {Place(box)} viewBox=\"{N(box.Left)} {N(box.Top)} {N(box.Width)} {N(box.Height)}\">\n");

    public void EndClip() => svg.Append("</svg>\n");

    void Element(string name, string attributes, string? tip) =>
        svg.Append(tip is null ? $"<{name} {attributes}/>\n" : $"<{name} {attributes}><title>{Escape.Text(tip)}</title></{name}>\n");

    static string Place(Box box) => $"x=\"{N(box.Left)}\" y=\"{N(box.Top)}\" width=\"{N(box.Width)}\" height=\"{N(box.Height)}\"";

    static string Points(IReadOnlyList<Point> points) => string.Join(' ', points.Select(p => $"{N(p.X)},{N(p.Y)}"));

    static string Color(Tone tone) => tone.Name.Length > 0 ? $"var(--{tone.Name},#{tone.Rgb:x6})" : $"#{tone.Rgb:x6}";

    static string N(double pixels) => (Math.Round(pixels, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);
}
