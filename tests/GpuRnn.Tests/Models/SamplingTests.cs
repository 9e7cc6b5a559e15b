using GpuRnn.Data;
using GpuRnn.Models;

namespace GpuRnn.Tests.Models;

/// <summary>Draws against the probabilities that softmax gives, and against hand-worked cuts.</summary>
public class SamplingTests
{
    const int Draws = 100_000;
    static readonly float[] outputs = [0.5f, 2, -1, 1.25f, 2, -8];

    static double[] Frequencies(Sampling sampling, float[] outputs, int seed = 1)
    {
        SplitMix random = new((ulong)seed);
        double[] counts = new double[outputs.Length];
        for (int i = 0; i < Draws; i++) counts[sampling.Draw(outputs, random)]++;
        return [.. counts.Select(c => c / Draws)];
    }

    static double[] Softmax(double temperature, params double[] outputs)
    {
        double[] powers = [.. outputs.Select(v => Math.Exp(v / temperature))];
        return [.. powers.Select(p => p / powers.Sum())];
    }

    static void AssertDrawn(double[] frequencies, double[] probabilities)
    {
        for (int i = 0; i < probabilities.Length; i++)
            Assert.That(frequencies[i],
                Is.EqualTo(probabilities[i]).Within(5 * Math.Sqrt(probabilities[i] * (1 - probabilities[i]) / Draws)), $"{i}");
    }

    [Test]
    public void AtTemperatureZeroTheFirstOfTheLikeliestIsTaken()
    {
        SplitMix random = new(1);
        Assert.That(new Sampling(0).Draw(outputs, random), Is.EqualTo(1));
        Assert.That(new Sampling(0, 3, 0.5).Draw([-3, -2, -2.5f], random), Is.EqualTo(1));
        Assert.That(random.Next(), Is.EqualTo(new SplitMix(1).Next()), "no randomness was asked for");
    }

    [TestCase(1), TestCase(0.5), TestCase(2.5), TestCase(0.05)]
    public void FrequenciesAreThoseOfSoftmax(double temperature) =>
        AssertDrawn(Frequencies(new(temperature), outputs), Softmax(temperature, [.. outputs.Select(v => (double)v)]));

    [Test]
    public void LargeOutputsDoNotOverflow() =>
        AssertDrawn(Frequencies(new(), [3000, 3001, -3000]), Softmax(1, -1, 0, double.NegativeInfinity));

    /// <summary>Numbers that float cannot tell apart: drawn from doubles they are.</summary>
    [Test]
    public void DoublesAreNotRounded()
    {
        double[] close = [1e9, 1e9 + 3, 1e9 + 2];
        Assert.That(new Sampling(0).Draw(close, new(1)), Is.EqualTo(1));
        Assert.That(new Sampling(0).Draw([.. close.Select(v => (float)v)], new(1)), Is.Zero);
        SplitMix random = new(3);
        double[] counts = new double[3];
        for (int i = 0; i < Draws; i++) counts[new Sampling().Draw(close, random)] += 1.0 / Draws;
        AssertDrawn(counts, Softmax(1, -3, 0, -1));
    }

    [Test]
    public void TopKAreTheLikeliest()
    {
        double[] two = Softmax(0.7, 3, 2);
        AssertDrawn(Frequencies(new(0.7, topK: 2), [1, 3, 2, 0]), [0, two[0], two[1], 0]);
        AssertDrawn(Frequencies(new(1, topK: 1), [1, 3, 2, 0]), [0, 1, 0, 0]);
        AssertDrawn(Frequencies(new(1, topK: 99), [1, 3, 2, 0]), Softmax(1, 1, 3, 2, 0));
        AssertDrawn(Frequencies(new(1, topK: 2), [1, 1, 1, 1]), [0.5, 0.5, 0, 0]);
    }

    /// <summary>Of four equal ones each has a quarter exactly: p of a half is two of them, and the least more is three.</summary>
    [TestCase(1e-9, 1), TestCase(0.25, 1), TestCase(0.2500001, 2),
    TestCase(0.5, 2), TestCase(0.5000001, 3), TestCase(0.75, 3), TestCase(0.99, 4), TestCase(1, 4)]
    public void TopPIsTheFewestThatReachIt(double p, int kept) =>
        AssertDrawn(Frequencies(new(1, 0, p), [1, 1, 1, 1]), [.. Enumerable.Range(0, 4).Select(i => i < kept ? 1.0 / kept : 0)]);

    /// <summary>0.1, 0.6 and 0.3.</summary>
    [TestCase(0.59, new[] { 0, 1.0, 0 }),
    TestCase(0.61, new[] { 0, 2 / 3.0, 1 / 3.0 }),
    TestCase(0.89, new[] { 0, 2 / 3.0, 1 / 3.0 }),
    TestCase(0.91, new[] { 0.1, 0.6, 0.3 })]
    public void TopPCutsTheLeastLikely(double p, double[] expected) =>
        AssertDrawn(Frequencies(new(1, 0, p), [MathF.Log(0.1f), MathF.Log(0.6f), MathF.Log(0.3f)]), expected);

    /// <summary>k first: of 0.4 and 0.3, 0.5 of the rest is reached by the first alone.</summary>
    [Test]
    public void TopPIsOfWhatTopKLeft() =>
        AssertDrawn(Frequencies(new(1, 2, 0.5), [MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.4f), MathF.Log(0.1f)]), [0, 0, 1, 0]);

    [TestCase(-1, 0, 1), TestCase(double.NaN, 0, 1), TestCase(double.PositiveInfinity, 0, 1),
    TestCase(1, -1, 1), TestCase(1, 0, 0), TestCase(1, 0, 1.01), TestCase(1, 0, double.NaN)]
    public void WhatCannotBeIsTold(double temperature, int topK, double topP) =>
        Assert.That(() => new Sampling(temperature, topK, topP), Throws.TypeOf<BadArgumentException>().With.Message.Not.Contain("\n"));
}
