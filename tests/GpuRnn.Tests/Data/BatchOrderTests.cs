using GpuRnn.Data;

namespace GpuRnn.Tests.Data;

/// <summary>Batches: what an epoch has, how like their lengths are, and that a number is all that they depend on.</summary>
public class BatchOrderTests
{
    static int[] Lengths(int count, int most, int seed = 1)
    {
        SplitMix random = new((ulong)seed);
        return [.. Enumerable.Range(0, count).Select(_ => 1 + random.Below(most))];
    }

    [TestCase(100, 10, 10), TestCase(103, 10, 10), TestCase(7, 7, 1), TestCase(7, 4, 1), TestCase(1250, 2, 625), TestCase(3, 1, 3)]
    public void EveryEpochHasEachItemAtMostOnce(int count, int batch, int batches)
    {
        BatchOrder order = new(Lengths(count, 50), batch, seed: 5);
        Assert.That(order.BatchesPerEpoch, Is.EqualTo(batches));
        for (int epoch = 0; epoch < 3; epoch++)
        {
            int[][] all = [.. Enumerable.Range(0, batches).Select(b => order.Batch((long)epoch * batches + b))];
            Assert.That(all.Select(b => b.Length), Is.All.EqualTo(batch));
            Assert.That(all.SelectMany(b => b), Is.Unique.And.All.InRange(0, count - 1));
        }
    }

    /// <summary>9 of 99 items are left out of an epoch of 9 batches of 10: by chance, and not those that are long, or last.</summary>
    [TestCase(true), TestCase(false)]
    public void WhatIsLeftOutIsSomethingElseInEveryEpoch(bool alike)
    {
        const int Epochs = 2000, Count = 99, Batch = 10;
        BatchOrder order = new(alike ? Enumerable.Repeat(3, Count) : Enumerable.Range(1, Count), Batch, seed: 1);
        int[] seen = new int[Count];
        for (long b = 0; b < Epochs * order.BatchesPerEpoch; b++)
            foreach (int item in order.Batch(b)) seen[item]++;
        double share = 90.0 / Count;
        Assert.That(seen.Select(s => s / (double)Epochs), Is.All.EqualTo(share).Within(5 * Math.Sqrt(share * (1 - share) / Epochs)));
    }

    /// <summary>Lengths from 1 to 400 at random would be padded to twice what they are.</summary>
    [Test]
    public void BatchesAreOfLikeLengths()
    {
        int[] lengths = Lengths(20_000, 400);
        BatchOrder order = new(lengths, 32, seed: 2);
        long real = 0, padded = 0;
        double[] means = new double[order.BatchesPerEpoch];
        for (int b = 0; b < order.BatchesPerEpoch; b++)
        {
            int[] own = [.. order.Batch(b).Select(i => lengths[i])];
            (real, padded) = (real + own.Sum(), padded + own.Length * own.Max());
            means[b] = own.Average();
        }
        Assert.That(1 - (double)real / padded, Is.LessThan(0.03));
        // short and long batches come in no order: half of all neighbours rise
        int rises = means.Zip(means.Skip(1)).Count(p => p.First < p.Second);
        Assert.That(rises / (means.Length - 1.0), Is.EqualTo(0.5).Within(5 * 0.5 / Math.Sqrt(means.Length)));
    }

    [Test]
    public void ABatchIsAFunctionOfItsNumberAlone()
    {
        int[] lengths = Lengths(500, 30);
        BatchOrder inOrder = new(lengths, 8, seed: 3), jumping = new(lengths, 8, seed: 3), other = new(lengths, 8, seed: 4);
        int[][] all = [.. Enumerable.Range(0, 300).Select(b => (int[])inOrder.Batch(b).Clone())];
        int[] numbers = [.. Enumerable.Range(0, 300)];
        new SplitMix(9).Shuffle<int>(numbers);
        foreach (int b in numbers) Assert.That(jumping.Batch(b), Is.EqualTo(all[b]), $"batch {b}");
        Assert.That(Enumerable.Range(0, 300).Count(b => other.Batch(b).SequenceEqual(all[b])), Is.LessThan(3), "another seed");
        int epoch = inOrder.BatchesPerEpoch;
        Assert.That(Enumerable.Range(0, epoch).Count(b => all[b].SequenceEqual(all[epoch + b])), Is.LessThan(3), "another epoch");
    }

    [TestCase(3, 4), TestCase(0, 1), TestCase(5, 0), TestCase(5, -1)]
    public void TooFewItemsAreTold(int count, int batch) => Assert.That(() => new BatchOrder(Enumerable.Repeat(1, count), batch, 1),
        Throws.TypeOf<BadArgumentException>().With.Message.Contains($"{count} items").And.Message.Contains($"batches of {batch}"));
}
