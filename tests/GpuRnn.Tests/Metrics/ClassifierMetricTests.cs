using GpuRnn.Metrics;

namespace GpuRnn.Tests.Metrics;

/// <summary>Confusion, calibration and log loss against cases worked by hand.</summary>
public class ClassifierMetricTests
{
    [Test]
    public void ConfusionIsCounted()
    {
        ConfusionMatrix matrix = new(3);
        foreach ((int actual, int predicted) in ((int, int)[])[(0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (1, 1), (1, 1)]) matrix.Add(
            actual, predicted);
        Assert.That((matrix.Classes, matrix.Total, matrix[0, 1], matrix[1, 0], matrix[1, 1]), Is.EqualTo((3, 7L, 1L, 1L, 3L)));
        Assert.That(matrix.Accuracy, Is.EqualTo(5.0 / 7).Within(1e-12));
        Assert.That((matrix.Precision(0), matrix.Recall(0)), Is.EqualTo((2.0 / 3, 2.0 / 3)));
        Assert.That((matrix.Precision(1), matrix.Recall(1)), Is.EqualTo((3.0 / 4, 3.0 / 4)));
        Assert.That(matrix.Precision(2), Is.NaN);
        matrix.Add(2, 0);
        Assert.That((matrix.Precision(0), matrix.Recall(0), matrix.Recall(2)), Is.EqualTo((0.5, 2.0 / 3, 0.0)));
    }

    [Test]
    public void ClassesThatAreNotAreRefused()
    {
        ConfusionMatrix matrix = new(2);
        Assert.That(matrix.Accuracy, Is.NaN);
        Assert.That(() => matrix.Add(2, 0), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => matrix.Add(0, -1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => matrix[0, 2], Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new ConfusionMatrix(0), Throws.TypeOf<BadArgumentException>());
        Assert.That(matrix.Total, Is.Zero);
    }

    // 0.1 and 0.3 of the first bin came true never, 0.5 and 1 and 1 of the second twice of three: 2/5 x 0.2 + 3/5 x |2.5/3 - 2/3| = 0.18.
    [Test]
    public void CalibrationIsThatFoundByHand()
    {
        Calibration calibration = new(2);
        foreach ((double p, bool t) in ((double, bool)[])[(0.1, false), (0.3, false), (0.5, false), (1, true), (1, true)]) calibration.Add(
            p, t);
        Assert.That(calibration.Bins.Select(b => b.Count), Is.EqualTo(new[] { 2L, 3L }));
        Assert.That(calibration.Bins.Select(b => b.MeanPrediction), Is.EqualTo(new[] { 0.2, 2.5 / 3 }).Within(1e-12));
        Assert.That(calibration.Bins.Select(b => b.ObservedFrequency), Is.EqualTo(new[] { 0, 2.0 / 3 }).Within(1e-12));
        Assert.That(calibration.ExpectedError, Is.EqualTo(0.18).Within(1e-12));
    }

    [Test]
    public void EmptyBinsDoNotCount()
    {
        Calibration calibration = new(10);
        Assert.That(calibration.ExpectedError, Is.NaN);
        calibration.Add(0.75, true);
        Assert.That(calibration.ExpectedError, Is.EqualTo(0.25).Within(1e-12));
        Assert.That(calibration.Bins[7].Count, Is.EqualTo(1));
        Assert.That(calibration.Bins[0].MeanPrediction, Is.NaN);
    }

    [TestCase(-0.01)]
    [TestCase(1.01)]
    [TestCase(double.NaN)]
    public void WhatIsNoProbabilityIsRefused(double p)
    {
        Assert.That(() => new Calibration().Add(p, true), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new LogLoss().Add(p, true), Throws.TypeOf<BadArgumentException>());
    }

    [Test]
    public void LogLossIsThatFoundByHand()
    {
        LogLoss loss = new();
        Assert.That(loss.Mean, Is.NaN);
        loss.Add(0.25, true);
        loss.Add(0.25, false);
        loss.Add([0.2f, 0.5f, 0.3f], 1);
        Assert.That(loss.Count, Is.EqualTo(3));
        Assert.That(loss.Mean, Is.EqualTo((Math.Log(4) + Math.Log(4.0 / 3) + Math.Log(2)) / 3).Within(1e-12));
    }

    [Test]
    public void ACertainErrorCostsWhatTheLeastProbabilityDoes()
    {
        LogLoss loss = new(1e-3), endless = new(0);
        loss.Add(1, false);
        endless.Add(1, false);
        Assert.That(loss.Mean, Is.EqualTo(3 * Math.Log(10)).Within(1e-12));
        Assert.That(endless.Mean, Is.EqualTo(double.PositiveInfinity));
    }
}
