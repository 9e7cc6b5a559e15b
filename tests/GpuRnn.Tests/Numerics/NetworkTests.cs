using GpuRnn.Layers;
using GpuRnn.Tests.Cells;
using GpuRnn.Tests.Reference;
using static GpuRnn.Testing.Numbers;

namespace GpuRnn.Tests.Numerics;

/// <summary>A network and a batch for it.</summary>
public sealed record Case(string Cell, int T, int B, int I, int H, int Layers = 1, Directions Directions = Directions.Forward,
    int[]? Lengths = null, bool Bias = true, bool States = true, Strategy? Strategy = null, bool BatchFirst = false, int Seed = 1,
        int Recompute = 0, bool ShortWeights = false, bool ShortGates = false, WorkSharing? Sharing = null)
{
    public override string ToString() =>
        $"{Cell} T{T} B{B} I{I} H{H} x{Layers} {Directions}{(Lengths is null ? "" : " ragged")}{(Bias ? "" : " no bias")}"
        + $"{(States ? "" : " zero states")} {Strategy}{(BatchFirst ? " batch first" : "")} seed {Seed}"
        + $"{(Recompute > 0 ? $" recompute {Recompute}" : "")}";
}

/// <summary>Outputs, states and all gradients against the double-precision reference, on every device.</summary>
public class NetworkTests
{
    static readonly string[] s_cells = [.. Cell.All.Select(c => c.Name), .. TestCell.Names];

    static IEnumerable<TestCaseData> EveryCell() =>
        from device in TestDevices.Ids
        from cell in s_cells
        from strategy in new[] { Strategy.SequencesOwned, Strategy.HiddenOwned }
        // OpenCL compiles for seconds: one of the two for cells that only tests know
        where !device.StartsWith("opencl") || strategy == Strategy.HiddenOwned || TestCell.Find(cell) is null
        select new TestCaseData(device, new Case(cell, 6, 5, 7, 19, Lengths: [5, 6, 1, 0, 3], Strategy: strategy))
            .SetArgDisplayNames(device, $"{cell} {strategy}");

    [TestCaseSource(nameof(EveryCell)), Category("Device")]
    public void EveryCellInBothStrategies(string device, Case c) => Compare<float>(TestDevices.Get(device), c, 1e-5, 3e-5);

    static IEnumerable<TestCaseData> Odd() =>
        from device in TestDevices.Ids
        from c in new Case[]
        {
            new("lstm", 1, 1, 1, 1), new("lstm", 3, 2, 4, 33, Bias: false), new("lstm", 4, 37, 9, 16), new("lstm", 12, 1, 5, 40),
                new("gru", 5, 3, 2, 129),
            new("lstm", 5, 4, 3, 8, 3, Directions.Concatenated, [5, 2, 4, 1]), new("gru", 5, 4, 3, 8, 2, Directions.Summed, [1, 5, 0, 3]),
            new("relevance_lstm", 5, 3, 4, 17, 2, Directions.Concatenated),
                new("rnn_tanh", 5, 4, 3, 8, 1, Directions.Reverse, [5, 2, 4, 1]),
            new("lstm", 6, 4, 5, 12, 2, Directions.Concatenated, [6, 2, 3, 5], BatchFirst: true), new("lstm", 4, 3, 5, 12, States: false),
            new("lstm", 7, 5, 3, 9, 2, Directions.Concatenated, [5, 7, 1, 0, 3], Recompute: 3), new("gru", 7, 17, 3, 9, Recompute: 2),
            new("relevance_lstm", 7, 18, 3, 20, Recompute: 3), new("lstm", 7, 3, 3, 9, Strategy: Strategy.HiddenOwned, Recompute: 7),
            new("rnn_tanh", 6, 4, 70, 65, Lengths: [6, 2, 6, 5], Recompute: 1),
            new("lstm", 4, 37, 5, 40, 2, Directions.Concatenated, [.. Enumerable.Range(0, 37).Select(b => b % 5)],
                Strategy: Strategy.HiddenOwned),
            new("relevance_lstm", 5, 18, 4, 20, Strategy: Strategy.HiddenOwned, Recompute: 2),
            new("lstm_projected", 7, 5, 3, 40, 2, Directions.Concatenated, [5, 7, 1, 0, 3], Recompute: 3),
                new("lstm_projected", 5, 37, 4, 21, 2, Directions.Summed),
            new("lstm_peephole", 7, 18, 3, 20, 2, Recompute: 3), new("lstm_peephole", 6, 1, 5, 33, Bias: false),
                new("lstm_projected", 6, 1, 5, 50, States: false),
            new("rnn_normalized", 7, 17, 3, 33, 2, Directions.Concatenated, Recompute: 3),
                new("rnn_normalized", 6, 1, 70, 65, States: false),
        }
        select new TestCaseData(device, c);

    [TestCaseSource(nameof(Odd)), Category("Device")]
    public void OddShapesAndLayers(string device, Case c) => Compare<float>(TestDevices.Get(device), c, 1e-5, 3e-5);

    static IEnumerable<TestCaseData> OnClusters() =>
        from device in TestDevices.Ids
        where device is "ptx" || device.StartsWith("cuda")
        from c in (Case[])
        [
            // every cell with a block a cluster; then clusters of all sizes, of 1, 2, 4 and 8 sequences on a device that has room for 3
            .. new[] { "lstm", "gru", "rnn_tanh", "rnn_relu", "rnn_sigmoid", "mgu", "lstm_peephole" }
                .Select(cell => new Case(cell, 6, 5, 7, 19, Lengths: [5, 6, 1, 0, 3])),
            new("lstm", 3, 20, 5, 200, Lengths: [.. Enumerable.Range(0, 20).Select(b => b * 7 % 4)]), new("lstm", 3, 3, 5, 250),
            new("gru", 3, 2, 5, 130, 1, Directions.Concatenated), new("gru", 3, 23, 5, 33, States: false),
            new("lstm", 2, 1, 5, 300), new("lstm", 2, 13, 5, 260), new("gru", 3, 3, 5, 270, Lengths: [1, 3, 2]),
            new("rnn_tanh", 2, 10, 5, 300), new("rnn_tanh", 3, 10, 5, 100), new("lstm", 4, 9, 5, 100, Recompute: 2),
            new("gru", 7, 6, 5, 40, Lengths: [7, 1, 3, 4, 6, 2], Recompute: 3),
        ]
        select new TestCaseData(device, c with { Strategy = Strategy.Clusters });

    [TestCaseSource(nameof(OnClusters)), Category("Device")]
    public void Clusters(string device, Case c)
    {
        if (TestDevices.Get(device).Backend.Clusters(16) == 0) Assert.Ignore("No clusters of thread blocks.");
        Compare<float>(TestDevices.Get(device), c, 1e-5, 3e-5);
    }

    static IEnumerable<TestCaseData> InDouble() =>
        from device in TestDevices.Ids
        from cell in device is "cpu" or "ptx" ? s_cells : ["lstm"]
        select new TestCaseData(device, new Case(cell, 6, 5, 7, 19, 2, Directions.Concatenated, [5, 6, 1, 0, 3]))
            .SetArgDisplayNames(device, cell);

    [TestCaseSource(nameof(InDouble)), Category("Device")]
    public void InDoublePrecision(string device, Case c) => Compare<double>(TestDevices.Get(device), c, 1e-12, 1e-12);

    static IEnumerable<TestCaseData> Widths() =>
        from bits in new[] { 128, 256, 512 }
        from cell in s_cells
        from rows in new[] { 2, 13 }
        select new TestCaseData(bits, new Case(cell, 4, rows, 5, 37)).SetArgDisplayNames($"{bits} bits", cell, $"B {rows}");

    [TestCaseSource(nameof(Widths))]
    public void EveryVectorWidth(int bits, Case c)
    {
        using Device device = Device.Open("cpu", new() { VectorBits = bits });
        Compare<float>(device, c, 1e-5, 3e-5);
        Compare<double>(device, c, 1e-12, 1e-12);
    }

    /// <summary>Every tile of rows, several panels, blocks of columns and many gate rows: sums of 128 and beyond.</summary>
    [TestCase(1), TestCase(2), TestCase(3), TestCase(4), TestCase(5), TestCase(6), TestCase(7), TestCase(23)]
    public void EveryTile(int sequences) =>
        Compare<float>(
            TestDevices.Get("cpu"),
            new("lstm", 15, sequences, 27, 70, Strategy: Strategy.SequencesOwned),
            1e-5, 3e-5);

    /// <summary>
    /// More columns than dW is unpacked at a time, more gate rows than a block has, and workers whose share begins within a panel.
    /// </summary>
    [Test]
    public void ManyColumns(
        [Values("lstm", "gru", "rnn_tanh", "relevance_lstm", "lstm_projected")] string cell, [Values(1, 3)] int workers)
    {
        using Device device = Device.Open($"cpu:{workers}");
        Compare<float>(device, new(cell, 9, 17, 101, 200), 1e-5, 3e-5);
    }

    public static void Compare<E>(Device device, Case c, double outputs, double gradients) where E : unmanaged, IFloatingPointIeee754<E>
    {
        Outcome<E> got = Outcome<E>.Of(device, c, out ReferenceResult expected);
        Assert.Multiple(() =>
        {
            Check("y", got.Y, expected.Y, outputs);
            Check("hn", got.Hn, expected.Hn, outputs);
            Check("cn", got.Cn, expected.Cn, outputs);
            Check("dx", got.Dx, expected.Dx, gradients);
            Check("dh0", got.Dh0, expected.Dh0, gradients);
            Check("dc0", got.Dc0, expected.Dc0, gradients);
            foreach ((string name, double[] value) in expected.Gradients) Check(name, got.Gradients[name], value, gradients);
        });
    }

    static void Check<E>(string name, E[] got, double[] expected, double bound) where E : unmanaged, IFloatingPointIeee754<E> =>
        Assert.That(Error(got, expected), Is.LessThanOrEqualTo(bound), name);
}
