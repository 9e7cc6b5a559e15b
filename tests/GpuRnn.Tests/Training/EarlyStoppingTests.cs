using GpuRnn.Training;

namespace GpuRnn.Tests.Training;

/// <summary>Hand-worked rows of measurements.</summary>
public class EarlyStoppingTests
{
    [Test]
    public void ItIsEnoughAfterAsManyWithoutAnImprovement()
    {
        EarlyStopping watch = new(3);
        Assert.That((watch.Best, watch.Since, watch.Enough), Is.EqualTo((double.PositiveInfinity, 0, false)));
        (double Value, bool Better, int Since, bool Enough)[] rows =
        [
            (5, true, 0, false),
            (6, false, 1, false),
            (5, false, 2, false),
            (4.9, true, 0, false),
            (double.NaN, false, 1, false),
            (double.PositiveInfinity, false, 2, false),
            (4.9, false, 3, true), (1, true, 0, false),
        ];
        foreach (var row in rows)
        {
            Assert.That(watch.Better(row.Value), Is.EqualTo(row.Better), $"{row}");
            Assert.That((watch.Since, watch.Enough), Is.EqualTo((row.Since, row.Enough)), $"{row}");
        }
        Assert.That(watch.Best, Is.EqualTo(1));
    }

    [Test]
    public void WithoutPatienceItIsNeverEnough()
    {
        EarlyStopping watch = new(0);
        watch.Better(1);
        for (int i = 0; i < 1000; i++) watch.Better(2);
        Assert.That((watch.Enough, watch.Since), Is.EqualTo((false, 1000)));
    }

    [Test]
    public void ItGoesOnFromWhatWasKept()
    {
        EarlyStopping watch = new(2);
        watch.Restore(0.25, 1);
        Assert.That(watch.Better(0.25), Is.False);
        Assert.That(watch.Enough);
    }
}
