using GpuRnn.Reports;
using SkiaSharp;

namespace GpuRnn.Lecture.Tests.Reports;

/// <summary>PNG files, decoded again; they hold on machines without fonts too.</summary>
public class PngTests
{
    string path = "";

    [SetUp]
    public void MakePath() => path = Path.Combine(Path.GetTempPath(), $"gpurnn-test-{Guid.NewGuid()}.png");

    [TearDown]
    public void RemoveFile() => File.Delete(path);

    [Test]
    public void EveryKindIsDrawn([Range(0, 3)] int kind)
    {
        Chart chart = SampleCharts.AllWith("label")[kind];
        PngWriter.Write(chart, path, 600);
        using SKBitmap bitmap = SKBitmap.Decode(path);
        Assert.That(bitmap.Width, Is.EqualTo(1200));
        Assert.That(bitmap.Height, Is.EqualTo(2 * (Math.Ceiling(chart.Layout(600 - 32).Height) + 32)));
        Assert.That(bitmap.GetPixel(0, 0), Is.EqualTo(SKColors.White));
        Assert.That(bitmap.Pixels.Distinct().Count(), Is.GreaterThan(4));
    }

    [TestCaseSource(typeof(SampleCharts), nameof(SampleCharts.Charts))]
    public void AnyDataIsWritten(object chart)
    {
        PngWriter.Write((Chart)chart, path, 400);
        using SKBitmap bitmap = SKBitmap.Decode(path);
        Assert.That(bitmap.Width, Is.GreaterThanOrEqualTo(800));
    }

    [Test]
    public void ASeriesHasItsColour()
    {
        PngWriter.Write(new LineChart("", "x", "y", new Series("s", [0, 1], [0.5, 0.5])), path);
        using SKBitmap bitmap = SKBitmap.Decode(path);
        Assert.That(bitmap.Pixels.Count(p => p == new SKColor(0xFF0072B2)), Is.GreaterThan(1500),
            "two thick rows of pixels from edge to edge");
    }

    [Test]
    public void PicturesKeepTheirPixels()
    {
        PngWriter.Write(SampleCharts.Sheet("", 1), path);
        using SKBitmap bitmap = SKBitmap.Decode(path);
        SKColor[] pixels = bitmap.Pixels;
        foreach (SKColor color in new[] { SKColors.Red, SKColors.Lime, SKColors.Blue })
            Assert.That(
                pixels.Count(p => p == color),
                Is.GreaterThan(10_000), $"{color}");
    }
}
