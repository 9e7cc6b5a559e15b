using GpuRnn.Data;
using GpuRnn.Metrics;

namespace GpuRnn.Tests.Metrics;

/// <summary>Areas, rejections and errors against cases worked by hand, and against a count of all pairs.</summary>
public class RocTests
{
    [TestCase(new[] { 0.9, 0.8, 0.3, 0.1 }, new[] { true, true, false, false }, 1)]
    [TestCase(new[] { 0.1, 0.3, 0.8, 0.9 }, new[] { true, true, false, false }, 0)]
    [TestCase(new[] { 0.9, 0.7, 0.8, 0.1 }, new[] { true, true, false, false }, 0.75)]
    [TestCase(new[] { 1.0, 1.0, 1.0, 1.0, 1.0 }, new[] { true, false, false, true, false }, 0.5)]
    [TestCase(new[] { 2.0, 1.0, 1.0, 0.0 }, new[] { true, true, false, false }, 0.875)]
    [TestCase(new[] { double.PositiveInfinity, double.NegativeInfinity }, new[] { true, false }, 1)]
    public void AreaByHand(double[] scores, bool[] labels, double expected) =>
        Assert.That(new Roc(scores, labels).Auc, Is.EqualTo(expected).Within(1e-15));

    [Test]
    public void AreaIsTheShareOfPairsInOrder()
    {
        SplitMix random = new(7);
        // few values, so that many are equal
        double[] scores = [.. Enumerable.Range(0, 400).Select(_ => (double)random.Below(20))];
        bool[] labels = [.. scores.Select(s => random.Below(30) < s)];
        double won = 0;
        int pairs = 0;
        for (int i = 0; i < scores.Length; i++)
            for (int j = 0; j < scores.Length; j++)
                if (labels[i] && !labels[j])
                {
                    pairs++;
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
        Roc roc = new(scores, labels);
        Assert.That(roc.Auc, Is.EqualTo(won / pairs).Within(1e-12));
        Assert.That((roc.Signal, roc.Background), Is.EqualTo((labels.Count(l => l), labels.Count(l => !l))));

        // no order of the samples changes it
        Array.Reverse(scores);
        Array.Reverse(labels);
        Assert.That(new Roc(scores, labels).Points, Is.EqualTo(roc.Points));
    }

    [Test]
    public void PointsByHand()
    {
        Roc roc = new([3, 2, 2, 1], [true, true, false, false]);
        Assert.That(roc.Points, Is.EqualTo(new RocPoint[] { new(double.PositiveInfinity, 0, 0), new(3, 0.5, 0), new(2, 1, 0.5),
            new(1, 1, 1) }));
    }

    [Test]
    public void RejectionByHand()
    {
        // taken one after another: signal, background, signal, background, background, background
        Roc roc = new([6, 5, 4, 3, 2, 1], [true, false, true, false, false, false]);
        Assert.That(roc.RejectionAt(0.3), Is.EqualTo(double.PositiveInfinity));
        Assert.That(roc.RejectionAt(0.5), Is.EqualTo(double.PositiveInfinity));
        Assert.That(roc.RejectionAt(0.75), Is.EqualTo(4));
        Assert.That(roc.RejectionAt(1), Is.EqualTo(4));

        // a score that knows nothing rejects no more than it takes
        Roc flat = new([1, 1, 1, 1], [true, false, true, false]);
        Assert.That(flat.RejectionAt(0.5), Is.EqualTo(2));
        Assert.That(flat.RejectionAt(0.3), Is.EqualTo(1 / 0.3).Within(1e-12));
    }

    [Test]
    public void WhatIsNoCurveSaysSo()
    {
        Assert.That(() => new Roc([1, 2], [true]), Throws.TypeOf<BadArgumentException>().With.Message.Contain("2 scores and 1 labels"));
        Assert.That(() => new Roc([1, double.NaN], [true, false]), Throws.TypeOf<BadArgumentException>().With.Message.Contain("Score 1"));
        Assert.That(() => new Roc([1, 2], [true, true]), Throws.TypeOf<BadArgumentException>().With.Message.Contain(
            "2 samples of signal and 0 of background"));
        Assert.That(() => new Roc([], []), Throws.TypeOf<BadArgumentException>().With.Message.Contain("0 samples of signal"));
        Assert.That(() => new Roc([1, 2], [true, false]).RejectionAt(0),
            Throws.TypeOf<BadArgumentException>().With.Message.Contain("signal efficiency"));
    }

    [Test]
    public void BootstrapKnowsTheErrorOfAMean()
    {
        SplitMix random = new(3);
        double[] scores = [.. Enumerable.Range(0, 1000).Select(_ => (double)random.Below(1000))];
        bool[] labels = new bool[scores.Length];
        double mean = scores.Average(), expected = Math.Sqrt(scores.Average(s => (s - mean) * (s - mean)) / scores.Length);
        double error = Bootstrap.StandardError(scores, labels, (s, _) => s.ToArray().Average(), seed: 1, rounds: 400);
        Assert.That(error, Is.EqualTo(expected).Within(4 / Math.Sqrt(800) * expected));
        Assert.That(Bootstrap.StandardError(scores, labels, (s, _) => s.ToArray().Average(), seed: 1, rounds: 400), Is.EqualTo(error));
        Assert.That(Bootstrap.StandardError(scores, labels, (s, _) => s.ToArray().Average(), seed: 2, rounds: 400), Is.Not.EqualTo(error));
    }

    /// <summary>
    /// Of values 0, 1, 0, 1, ... the squares around the mean sum to a quarter a round; one degree of freedom is the mean's.
    /// </summary>
    [TestCase(2, 0.5), TestCase(4, 1.0 / 3), TestCase(10, 2.5 / 9)]
    public void BootstrapDividesByOneLessThanItsRounds(int rounds, double variance)
    {
        int round = 0;
        double error = Bootstrap.StandardError([1, 2], [true, false], (_, _) => round++ % 2, seed: 1, rounds);
        Assert.That(error, Is.EqualTo(Math.Sqrt(variance)).Within(1e-15));
        Assert.That(round, Is.EqualTo(rounds));
    }

    [Test]
    public void BootstrapKeepsClassesAndSaysWhatItCannotDo()
    {
        double[] scores = [1, 2, 3, 4, 5];
        bool[] labels = [true, true, false, false, false];
        Bootstrap.StandardError(scores, labels, (s, l) =>
        {
            for (int i = 0; i < s.Length; i++) Assert.That(s[i] <= 2, Is.EqualTo(l[i]));
            return 0;
        }, seed: 1);
        Assert.That(
            () => Bootstrap.StandardError(scores, labels, (_, _) => double.PositiveInfinity, 1),
            Throws.TypeOf<BadArgumentException>().With.Message.Contain("Round 0"));
        Assert.That(
            () => Bootstrap.StandardError(scores, [true], (_, _) => 0, 1),
            Throws.TypeOf<BadArgumentException>().With.Message.Contain("5 scores and 1 labels"));
    }
}
