using System.Globalization;
using System.Text;
using GpuRnn.Interop;
using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>Charts as SVG. The browser's fonts label them, so that a machine without fonts can write them too.</summary>
public static class SvgWriter
{
    /// <summary>What text is where nothing else is said, in pixels.</summary>
    public const double TextSize = 12;

    /// <summary>An svg element to stand in an HTML page, whose colours (<see cref="ReportStyle.Colors"/>) it takes.</summary>
    public static string Inline(Chart chart, double width) => Element(chart, width, "", "");

    /// <summary>The text of a file of its own, light or dark as the reader's system is.</summary>
    public static string Document(Chart chart, double width) =>
        Element(chart, width, " xmlns=\"http://www.w3.org/2000/svg\"",
            $"<style>{ReportStyle.Colors}svg{{background:var(--paper)}}</style>\n");

    /// <summary>Writes such a file.</summary>
    /// <exception cref="GpuRnnException">The file cannot be written.</exception>
    public static void Write(Chart chart, string path, double width = 760) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Document(chart, width))));

    static string Element(Chart chart, double width, string space, string style)
    {
        Drawing drawing = chart.Layout(width);
        SvgCanvas canvas = new();
        drawing.Draw(canvas);
        string w = N(drawing.Width), h = N(drawing.Height);
        return $"<svg{space} class=\"chart\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" "
            + $"aria-label=\"{Escape.Text(chart.Description)}\" "
            + $"font-family=\"system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif\" font-size=\"{N(TextSize)}\">\n"
            + $"{style}{canvas.Elements}</svg>\n";
    }

    static string N(double pixels) => Math.Ceiling(pixels).ToString(CultureInfo.InvariantCulture);
}
