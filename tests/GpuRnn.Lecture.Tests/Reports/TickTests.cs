using GpuRnn.Reports;
using GpuRnn.Reports.Drawings;
using Numbers = GpuRnn.Reports.Drawings.Numbers;

namespace GpuRnn.Lecture.Tests.Reports;

/// <summary>Ticks and decimation against cases that were worked by hand.</summary>
public class TickTests
{
    [TestCase(0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0")]
    [TestCase(0, 1, 4, "0 0.5 1.0")]
    [TestCase(0.0003, 0.0009, 6, "0.0003 0.0004 0.0005 0.0006 0.0007 0.0008 0.0009")]
    [TestCase(0.0003, 0.0009, 4, "0.0004 0.0006 0.0008")]
    [TestCase(-1, 1, 4, "-1.0 -0.5 0 0.5 1.0")]
    [TestCase(0, 3980, 4, "0 1000 2000 3000")]
    [TestCase(0, 100_000, 5, "0 20,000 40,000 60,000 80,000 100,000")]
    [TestCase(1e-7, 3e-7, 2, "1e-7 2e-7 3e-7")]
    [TestCase(1.5e8, 2.5e8, 2, "1.5e8 2e8 2.5e8")]
    [TestCase(17, 23, 3, "18 20 22")]
    public void LinearTicks(double low, double high, int intervals, string expected) =>
        Assert.That(string.Join(' ', Ticks.Linear(new(low, high), intervals).Select(t => t.Label)), Is.EqualTo(expected));

    [TestCase(1e-5, 1, 6, "1e-5 1e-4 0.001 0.01 0.1 1")]
    [TestCase(1e-12, 1, 6, "1e-12 1e-10 1e-8 1e-6 1e-4 0.01 1")]
    [TestCase(1, 100, 6, "1 2 5 10 20 50 100")]
    [TestCase(2, 6, 4, "2 3 4 5 6")]
    [TestCase(1, 1e9, 3, "1 1000 1e6 1e9")]
    public void LogarithmicTicks(double low, double high, int intervals, string expected) =>
        Assert.That(string.Join(' ', Ticks.Logarithmic(new(low, high), intervals).Select(t => t.Label)), Is.EqualTo(expected));

    [Test]
    public void TickValuesAreWhatTheirLabelsSay() =>
        Assert.That(Ticks.Linear(new(0, 1), 10).Select(t => t.Value),
            Is.EqualTo(new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1 }));

    [TestCase(0, "0")]
    [TestCase(0.0947, "0.0947")]
    [TestCase(12345, "12,345")]
    [TestCase(-0.5, "-0.5")]
    [TestCase(1234567, "1.235e6")]
    [TestCase(0.00001, "1e-5")]
    [TestCase(double.NaN, "not a number")]
    public void ShortNumbers(double value, string expected) => Assert.That(Numbers.Short(value), Is.EqualTo(expected));

    [Test]
    public void DecimationKeepsExtremesEndsAndOrder()
    {
        Random random = new(7);
        Point[] points = [.. Enumerable.Range(0, 100_000).Select(i => new Point(i, random.NextDouble()))];
        (points[31_415], points[92_653]) = (new(31_415, -5), new(92_653, 5));
        IReadOnlyList<Point> kept = Decimation.MinMax(points);
        Assert.That(kept, Has.Count.LessThanOrEqualTo(Decimation.Most));
        Assert.That(kept, Does.Contain(points[31_415]).And.Contain(points[92_653]));
        Assert.That((kept[0], kept[^1]), Is.EqualTo((points[0], points[^1])));
        Assert.That(kept.Select(p => p.X), Is.Ordered.And.Unique);
        // of each 200 points the lowest and the highest are there
        for (int from = 0; from < points.Length; from += 200)
        {
            Point[] stretch = points[from..(from + 200)];
            Assert.That(kept, Does.Contain(stretch.MinBy(p => p.Y)).And.Contain(stretch.MaxBy(p => p.Y)));
        }
        Assert.That(Decimation.MinMax(points[..Decimation.Most]), Has.Count.EqualTo(Decimation.Most), "few points stay");
    }

    [Test]
    public void RampsEndWhereTheyShould()
    {
        Assert.That(ColorRamp.StepOf(-3, new(0, 1)), Is.Zero);
        Assert.That(ColorRamp.StepOf(9, new(0, 1)), Is.EqualTo(ColorRamp.Steps - 1));
        Assert.That(ColorRamp.ToneOf(0, ColorScale.Sequential).Rgb, Is.EqualTo(0x440154));
        Assert.That(ColorRamp.ToneOf(ColorRamp.Steps - 1, ColorScale.Sequential).Rgb, Is.EqualTo(0xFDE725));
    }

    [Test]
    public void TextIsWrappedAndCut()
    {
        Assert.That(TextSize.Wrap("one two three four", 10, 45, 2), Has.Count.EqualTo(2).And.Some.EndsWith("…"));
        Assert.That(TextSize.Wrap("", 10, 60, 2), Is.Empty);
        Assert.That(TextSize.Fit("short", 12, 100), Is.EqualTo("short"));
        Assert.That(TextSize.Width(TextSize.Fit(new string('m', 100), 12, 100), 12), Is.LessThanOrEqualTo(100));
    }
}
