using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>The same bits: run to run, for any number of workers, strategy and batch.</summary>
public class DeterminismTests
{
    static readonly int[] s_lengths = [9, 4, 12, 1, 12, 7, 3, 12, 11, 5, 2, 8, 6];

    static Case Ragged(string cell, Strategy? strategy = null, int recompute = 0) =>
        new(cell, 12, 13, 11, 45, 2, Directions.Concatenated, s_lengths, Strategy: strategy, Recompute: recompute);

    static void Same(Outcome<float> a, Outcome<float> b, bool gradients = true)
    {
        Assert.That(a.Y, Is.EqualTo(b.Y));
        Assert.That(a.Hn, Is.EqualTo(b.Hn));
        Assert.That(a.Cn, Is.EqualTo(b.Cn));
        if (!gradients) return;
        Assert.That(a.Dx, Is.EqualTo(b.Dx));
        Assert.That(a.Dh0, Is.EqualTo(b.Dh0));
        foreach (string name in a.Gradients.Keys) Assert.That(a.Gradients[name], Is.EqualTo(b.Gradients[name]), name);
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void RunToRun(string device)
    {
        Case c = Ragged("lstm");
        Outcome<float> first = Outcome<float>.Of(TestDevices.Get(device), c, out _, out _);
        int times = device == "ptx" ? 1 : 3; // instruction by instruction
        for (int i = 0; i < times; i++) Same(first, Outcome<float>.Of(TestDevices.Get(device), c, out _, out _));
    }

    /// <summary>One of every kind of step.</summary>
    static IEnumerable<string> Kinds => ["lstm", "gru", "rnn_tanh", "relevance_lstm", .. TestCell.Names];

    /// <summary>Up to more workers than sequences (13), than panels (3 of 512 bits) and than cores.</summary>
    static IEnumerable<WorkSharing> Sharings =>
        from grid in new[] { (1, 1), (2, 1), (1, 2), (5, 1), (1, 5), (2, 2), (3, 2), (2, 4), (24, 1), (8, 3) }
        from projected in new[] { 0, 3 }
        select new WorkSharing(grid.Item1, grid.Item2, projected);

    [Test]
    public void AnyGridOfWorkers([ValueSource(nameof(Kinds))] string cell, [Values(0, 5)] int recompute)
    {
        Case c = Ragged(cell, recompute: recompute);
        using Device alone = Device.Open("cpu:1"), device = Device.Open("cpu:24", new() { PinWorkers = false });
        Outcome<float> one = Outcome<float>.Of(alone, c, out _, out _);
        // gradients too: sums over the batch are cut by shape, not by workers
        foreach (WorkSharing sharing in Sharings) Same(one, Outcome<float>.Of(device, c with { Sharing = sharing }, out _, out _));
    }

    /// <summary>The grids that are asked for above are those that run.</summary>
    [Test]
    public void AGridThatIsWantedIsTaken([ValueSource(nameof(Sharings))] WorkSharing sharing)
    {
        using Device device = Device.Open("cpu:24", new() { PinWorkers = false, VectorBits = 128 });
        using Recurrent<float> network = new(device, Cell.Lstm, 11, 45);
        using Pass<float> pass = network.Plan(12, 13, new() { Sharing = sharing });
        WorkSharing taken = sharing with { Groups = Math.Min(13, sharing.Groups) };
        Assert.That(pass.Candidates.Select(c => c.Sharing), Is.EqualTo(new[] { taken }));
        Assert.That(pass.Strategy, Is.EqualTo(
            taken.Members == 1 ? Strategy.SequencesOwned : taken.Groups == 1 ? Strategy.HiddenOwned : Strategy.Grid));
        Assert.That(pass.Explain().Single(), Does.Contain($", {taken.Workers} workers"));
    }

    [TestCase(0, 1, 0), TestCase(1, 0, 0), TestCase(1, 1, -1), TestCase(3, 2, 0), TestCase(int.MaxValue, int.MaxValue, 0)]
    public void AGridThatCannotBeIsRefused(int groups, int members, int projected)
    {
        using Device device = Device.Open("cpu:5");
        using Recurrent<float> network = new(device, Cell.Lstm, 11, 45);
        Assert.That(() => network.Plan(12, 13, new() { Sharing = new(groups, members, projected) }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contain("PassOptions.Sharing").And.Message.Contain("5 workers"));
    }

    /// <summary>
    /// A sequence alone, among others, with others that are longer or shorter: its outputs and states have the same bits.
    /// </summary>
    [Test]
    public void WhateverElseIsInTheBatch([ValueSource(nameof(Kinds))] string cell)
    {
        const int T = 8, I = 6;
        using Recurrent<float> network = TestCell.Network<float>(TestDevices.Get("cpu"), cell, I, 37, new() { Layers = 2 });
        network.Initialize(3);
        int H = network.OutputSize;
        float[] sequence = Numbers.To<float>(Numbers.Random(5 * I, 9));
        float[] alone = Run(1, 0, [5]);
        foreach (int batch in new[] { 2, 3, 4, 6, 7, 13, 40 })
            foreach (int place in new[] { 0, batch / 2, batch - 1 })
            {
                Random random = new(batch * 100 + place);
                int[] lengths = [.. Enumerable.Range(0, batch).Select(b => b == place ? 5 : random.Next(0, T + 1))];
                Assert.That(Run(batch, place, lengths), Is.EqualTo(alone), $"batch {batch}, place {place}");
            }

        float[] Run(int batch, int place, int[] lengths)
        {
            using Pass<float> pass = network.Plan(T, batch);
            pass.SetLengths(T, lengths);
            float[] x = Numbers.To<float>(Numbers.Random(T * batch * I, batch)), y = new float[T * batch * H];
            for (int t = 0; t < 5; t++) sequence.AsSpan(t * I, I).CopyTo(x.AsSpan((t * batch + place) * I));
            pass.Forward(x, y);
            return [.. Enumerable.Range(0, 5).SelectMany(t => y.AsSpan((t * batch + place) * H, H).ToArray())];
        }
    }
}
