using GpuRnn.Bench.Results;
using ScottPlot;
using SkiaSharp;
using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Plots;

/// <summary>How plots are titled and written.</summary>
static class PlotFile
{
    const int Sharpness = 2; // for screens with more than one pixel a point
    static readonly string[] s_fonts = ["Open Sans", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial"];

    /// <summary>A plot whose title says of what, and on which machine and day.</summary>
    public static Plot New(string title, Run<PeerResult> run)
    {
        Plot plot = new() { ScaleFactor = Sharpness };
        if (s_fonts.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) is string font) plot.Font.Set(font);
        plot.Title($"{title}\n{run.Machine.Cpu}, {run.Machine.Cores} cores, {run.Date}, commit {run.Commit}", size: 16);
        plot.Axes.Color(Color.FromHex("#333333"));
        plot.Grid.MajorLineColor = Color.FromHex("#E5E5E5");
        plot.Legend.OutlineColor = Color.FromHex("#CCCCCC");
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    /// <summary>
    /// Can labels be drawn? Without fonts Skia still counts one family, which has no name and no glyphs; SVG is no way out, for it gets no text
    /// either.
    /// </summary>
    public static bool HasFonts => SKTypeface.Default.ContainsGlyph('A');

    /// <summary>Writes a PNG.</summary>
    public static void Write(Plot plot, string path, int width, int height)
    {
        try
        {
            plot.SavePng(path, width * Sharpness, height * Sharpness);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
