using GpuRnn.Interop;
using GpuRnn.Reports.Drawings;
using SkiaSharp;

namespace GpuRnn.Reports;

/// <summary>Charts as PNG, for where SVG is not shown. On a machine without fonts they have no text.</summary>
public static class PngWriter
{
    const int Sharpness = 2; // for screens with more than one pixel a point
    const int Margin = 16;

    /// <summary>Can labels be drawn?</summary>
    public static bool HasLabels => PngFonts.HasAny;

    /// <summary>Writes a picture twice as many pixels wide as asked for (more, if the chart needs more), as high as the chart is.</summary>
    /// <exception cref="GpuRnnException">The file cannot be written.</exception>
    public static void Write(Chart chart, string path, int width = 900)
    {
        Drawing drawing = chart.Layout(width - 2 * Margin);
        int columns = (int)Math.Ceiling(drawing.Width) + 2 * Margin, rows = (int)Math.Ceiling(drawing.Height) + 2 * Margin;
        using SKBitmap bitmap = new(columns * Sharpness, rows * Sharpness);
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(SKColors.White);
            canvas.Scale(Sharpness);
            canvas.Translate(Margin, Margin);
            drawing.Draw(new PngCanvas(canvas));
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        AtomicFile.Write(path, stream => data.SaveTo(stream));
    }
}
