using GpuRnn.Measuring;

namespace GpuRnn.Peers.Cases;

/// <summary>What is measured.</summary>
static class Suites
{
    static readonly BenchShape s_layer = new(100, 32, 128, 256);

    public static IReadOnlyList<string> Names { get; } =
        ["lstm", "gru", "rnn", "grid", "ragged", "live", "bidirectional", "many-to-one", "tiny", "weights"];

    public static IEnumerable<Case> Of(string suite) => suite switch
    {
        "lstm" or "gru" => Both(suite, suite, BenchShape.Default),
        "rnn" => Both(suite, "rnn", [BenchShape.Default[0], BenchShape.Default[2], BenchShape.Default[3]]),
        "grid" => Both(suite, "lstm", Grid()),
        "ragged" => [Ragged()],
        "live" => new[] { 256, 64, 8 }.Select(ready => new Case(suite, "lstm", false, s_layer with { T = 1, B = ready }) { Live = 20_000 }),
        "bidirectional" => Both(suite, "lstm", [s_layer]).Select(c => c with { Layers = 2, Directions = 2 }),
        "many-to-one" =>
            from shape in new[] { new BenchShape(200, 32, 64, 128), new(500, 16, 32, 64), BenchShape.Default[0], BenchShape.Default[4] }
            from last in new[] { false, true }
            select new Case(suite, "lstm", true, shape) { LastOnly = last },
        "tiny" => Both(suite, "lstm", [new(50, 1, 32, 32)]),
        "weights" => new[] { BenchShape.Default[1], new(100, 1, 1024, 1024), BenchShape.Default[0], new(100, 8, 1024, 1024) }.Select(
            shape => new Case(suite, "lstm", false, shape) { ShortWeights = true }),
        _ => throw new GpuRnnException($"There is no suite '{suite}'. There is: {string.Join(", ", Names)}."),
    };

    static IEnumerable<Case> Both(string suite, string cell, IEnumerable<BenchShape> shapes) =>
        from shape in shapes from training in new[] { false, true } select new Case(suite, cell, training, shape);

    static IEnumerable<BenchShape> Grid() =>
        from size in new[] { 32, 64, 128, 256, 512, 1024 } from sequences in new[] { 1, 8, 64, 512 } select Sized(size, sequences);

    /// <summary>As many steps as a forward pass of about 10 ms has on a machine of 200 GFLOP/s.</summary>
    static BenchShape Sized(int size, int sequences)
    {
        BenchShape step = new(1, sequences, size, size);
        return step with { T = (int)Math.Clamp(Math.Round(0.01 * 200e9 / step.Flops(4, false)), 4, 200) };
    }

    static Case Ragged()
    {
        BenchShape shape = new(500, 64, 128, 256);
        Random random = new(1);
        int[] lengths = [.. Enumerable.Range(0, shape.B).Select(_ => random.Next(1, shape.T + 1))];
        lengths[Array.IndexOf(lengths, lengths.Max())] = shape.T;
        return new("ragged", "lstm", true, shape) { Lengths = lengths };
    }
}
