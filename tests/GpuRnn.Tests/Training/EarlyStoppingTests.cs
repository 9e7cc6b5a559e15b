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
            Assert.That(watch.Improved(row.Value), Is.EqualTo(row.Better), $"{row}");
            Assert.That((watch.Since, watch.Enough), Is.EqualTo((row.Since, row.Enough)), $"{row}");
        }
        Assert.That(watch.Best, Is.EqualTo(1));
    }

    [Test]
    public void WithoutPatienceItIsNeverEnough()
    {
        EarlyStopping watch = new(0);
        watch.Improved(1);
        for (int i = 0; i < 1000; i++) watch.Improved(2);
        Assert.That((watch.Enough, watch.Since), Is.EqualTo((false, 1000)));
    }

    [Test]
    public void ItGoesOnFromWhatWasKept()
    {
        EarlyStopping watch = new(2);
        watch.Restore(0.25, 1);
        Assert.That(watch.Improved(0.25), Is.False);
        Assert.That(watch.Enough);
    }

    [Test]
    public void TheBestWeightsAreKept()
    {
        using GpuRnn.Layers.Parameters<double> parameters = new(TestDevices.Get("cpu"));
        parameters.Declare("a", 2);
        parameters.Declare("b", 1);
        EarlyStopping<double> watch = new(parameters, 2);
        Assert.That(() => watch.PutBack(), Throws.InvalidOperationException);
        foreach ((double value, double weight) in new[] { (3.0, 1.0), (2, 7), (double.NaN, 8), (2, 9) })
        {
            parameters.SetAll([weight, weight + 1, weight + 2]);
            watch.Improved(value);
        }
        Assert.That(watch.Enough);
        watch.PutBack();
        Assert.That(parameters.GetAll(), Is.EqualTo(new double[] { 7, 8, 9 }));
        Assert.That(parameters.Get("b"), Is.EqualTo(new double[] { 9 }));
    }

    /// <summary>The rates that torch.optim.lr_scheduler.ReduceLROnPlateau gives, worked by hand: factor 0.1, patience 1.</summary>
    [Test]
    public void APlateauLowersTheRate()
    {
        ReduceOnPlateau plateau = new(0.1, patience: 1, least: 0.05);
        (double Value, double Factor)[] rows =
        [
            (5, 1), (4, 1), (4, 1), (3.99999, 0.1), (3.9, 0.1), (double.NaN, 0.1),
            (3.8, 0.1), (3.8, 0.1), (3.8, 0.05), (3.8, 0.05), (3.8, 0.05), (0, 0.05),
        ];
        foreach ((double value, double factor) in rows) Assert.That(plateau.Measure(value), Is.EqualTo(factor), $"{value}");
        ReduceOnPlateau goesOn = new(0.1, patience: 1, least: 0.05);
        goesOn.Restore(plateau.Factor, plateau.Best, plateau.Since);
        Assert.That((goesOn.Factor, goesOn.Best, goesOn.Since), Is.EqualTo((0.05, 0.0, 0)));
    }

    [Test]
    public void APlateauOfWrongNumbersIsRefused()
    {
        Assert.That(() => new ReduceOnPlateau(1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new ReduceOnPlateau(patience: -1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new ReduceOnPlateau(least: double.NaN), Throws.TypeOf<BadArgumentException>());
    }
}
