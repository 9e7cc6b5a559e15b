using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using GpuRnn.Layers;
using GpuRnn.Ptx.Engine;
using GpuRnn.Ptx.Machine;
using GpuRnn.Tests.Numerics;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Ptx;

/// <summary>
/// The machine sees: kernels of the engine with a fault planted, one at a time. A barrier taken out must be found as a race, or as memory
/// that is read too soon; an access moved by an element by whatever shows it, the numbers among it.
/// </summary>
public partial class PlantedFaultTests
{
    /// <summary>
    /// The kernels of a cell in one way of running. Sizes beyond what is staged at a time, so that every loop goes round, and such that it
    /// does not: there a barrier of the next round does not stand in for another.
    /// </summary>
    /// <param name="Cell">The cell.</param>
    /// <param name="Strategy">The way.</param>
    public sealed record Kernels(string Cell, Strategy Strategy)
    {
        public IEnumerable<Case> Cases =>
        [
            // a group that owns sequences has two tiles of them
            new(Cell, 3, 32, 37, 40, Lengths: [.. Enumerable.Range(0, 32).Select(b => b % 6 == 1 ? 3 : b == 5 ? 0 : 1)],
                Strategy: Strategy),
            new(Cell, 3, 3, 5, 7, Strategy: Strategy),
        ];

        /// <summary>Tiles of 64 are full, or what is moved beyond their end is a zero beside zeros; and others that are not.</summary>
        public IEnumerable<Case> FullTiles =>
        [
            new(Cell, 4, 40, 64, 64, Lengths: [.. Enumerable.Range(0, 40).Select(b => b % 7 == 1 ? 4 : b == 5 ? 0 : 3)],
                Strategy: Strategy),
            // rows that end within each of the parts in which a tile of them is read
            new(Cell, 2, 7, 5, 7, Strategy: Strategy),
            new(Cell, 1, 6, 5, 7, Strategy: Strategy),
            new(Cell, 3, 3, 5, 7, Strategy: Strategy),
        ];
    }

    static IEnumerable<Kernels> Portable =>
    [
        new("lstm", Strategy.SequencesOwned),
        new("lstm", Strategy.HiddenOwned),
        new("relevance_lstm", Strategy.SequencesOwned),
        new("rnn_normalized", Strategy.SequencesOwned),
    ];

    /// <summary>A line of a kernel and what stands there instead.</summary>
    sealed record Fault(MethodInfo Method, string[] Lines, int Line, string Instead)
    {
        public string Text => string.Join('\n', Lines.Select((line, i) => i == Line ? Instead : line));

        public override string ToString() => $"{Method.Name}, line {Line + 1}: '{Lines[Line].Trim()}'";
    }

    [TestCaseSource(nameof(Portable))]
    public void NoBarrierCanBeMissing(Kernels kernels) => AllAreSeen(kernels, 5, line => BarrierPattern().IsMatch(line) ? "" : null);

    /// <summary>Of clusters some make a wait without end, which is known only after many instructions.</summary>
    [Test, Category("Long")]
    public void NoBarrierOfClustersCanBeMissing() => NoBarrierCanBeMissing(new("lstm", Strategy.Clusters));

    /// <summary>Every change of a line is seen, in one of several orders of the threads.</summary>
    static void AllAreSeen(Kernels kernels, int orders, params Func<string, string?>[] changes)
    {
        List<Fault> faults = [.. changes.SelectMany(change => Faults(kernels.Cases, change))];
        Assert.That(faults, Has.Count.GreaterThan(5));
        Assert.That(faults.AsParallel().Where(f => !Outcomes(kernels.Cases, f, orders).Any(IsSeen)), Is.Empty, $"of {faults.Count}");
    }

    /// <summary>By the machine, and not only by what comes out.</summary>
    static bool IsSeen(PtxFault? outcome) => outcome is not (null or PtxFault.Unknown);

    /// <summary>An mbarrier that waits for 16 bytes more or less, or for the other phase.</summary>
    [Test, Category("Long")]
    public void NoMessageCanBeMiscounted() => AllAreSeen(new("gru", Strategy.Clusters), 3,
        line => Counted(line, 16), line => Counted(line, -16),
        line => Before(WaitPattern().Match(line), "xor.b32 {0}, {0}, 1;"));

    /// <summary>Bytes that are waited for, some more.</summary>
    static string? Counted(string line, int more)
    {
        Match expects = ExpectPattern().Match(line);
        return int.TryParse(expects.Groups[1].Value, CultureInfo.InvariantCulture, out int bytes)
            ? string.Create(CultureInfo.InvariantCulture, $"{line[..expects.Groups[1].Index]}{bytes + more};")
            : Before(expects, string.Create(CultureInfo.InvariantCulture, $"add.s32 {{0}}, {{0}}, {more};"));
    }

    /// <summary>Something done to a register before an instruction reads it.</summary>
    static string? Before(Match instruction, string change) => instruction.Success
        ? $"{change.Replace("{0}", instruction.Groups[1].Value, StringComparison.Ordinal)} {instruction.Value}" : null;

    /// <summary>
    /// Of all accesses, whatever the kernel. What moves without effect: looking up the row that stands in for one that is missing, for any
    /// row does; a row shared for its sign alone, beside one of the same sign; the columns of a tile beyond the end of a narrow operand.
    /// </summary>
    [Test, Category("Long")]
    public void NoAccessCanBeElsewhere()
    {
        // every third, for all of them take twenty minutes
        List<(Kernels Kernels, Fault Fault)> planted =
            [.. Portable.SelectMany(k => Faults(k.FullTiles, Moved).Where((_, i) => i % 3 == 0).Select(f => (k, f)))];
        Assert.That(planted, Has.Count.GreaterThan(400));
        List<(Kernels Kernels, Fault Fault)> missed =
            [.. planted.AsParallel().AsOrdered().Where(p => Outcomes(p.Kernels.FullTiles.Reverse(), p.Fault, 1).All(o => o is null))];
        TestContext.Out.WriteLine($"{planted.Count - missed.Count} of {planted.Count} found; not found:");
        foreach ((Kernels kernels, Fault fault) in missed) TestContext.Out.WriteLine($"{kernels.Cell}, {kernels.Strategy}: {fault}");
        Assert.That(missed, Has.Count.LessThanOrEqualTo(0.05 * planted.Count));
    }

    /// <summary>What shows a fault in each case, in several orders of the threads.</summary>
    static IEnumerable<PtxFault?> Outcomes(IEnumerable<Case> cases, Fault fault, int orders) =>
        from seed in Enumerable.Range(1, orders) from c in cases select Run(c, fault, seed);

    /// <summary>An access an element further on; null for what is none.</summary>
    static string? Moved(string line)
    {
        if (AccessPattern().Match(line) is not { Success: true } access) return null;
        int size = int.Parse(access.Groups[1].Value, CultureInfo.InvariantCulture) / 8;
        return line.Replace(access.Groups[2].Value, $"[{access.Groups[2].Value.Trim('[', ']')}+{size}]", StringComparison.Ordinal);
    }

    /// <summary>What can be planted in the instructions that are run.</summary>
    static IEnumerable<Fault> Faults(IEnumerable<Case> cases, Func<string, string?> change)
    {
        using PtxGpu gpu = new() { IsApart = true };
        foreach (Case c in cases) Outcome<float>.Of(gpu.Device, c, out _);
        foreach ((MethodInfo method, KernelCode code) in gpu.Kernels)
        {
            // what is never run shows nothing
            foreach (int line in code.Text.Statements.Where((_, i) => code.Reached[i]).Select(s => s.Line - 1))
                if (change(code.Text.Lines[line]) is { } instead) yield return new(method, code.Text.Lines, line, instead);
        }
    }

    /// <summary>What shows a fault; null for nothing.</summary>
    static PtxFault? Run(Case c, Fault fault, int seed)
    {
        using PtxGpu gpu = new(seed) { Edit = (method, text) => method == fault.Method ? fault.Text : text, Most = 2_000_000 };
        try
        {
            Outcome<float> got = Outcome<float>.Of(gpu.Device, c, out ReferenceResult expected);
            (float[], double[])[] pairs =
            [
                (got.Y, expected.Y), (got.Hn, expected.Hn), (got.Cn, expected.Cn), (got.Dx, expected.Dx), (got.Dh0, expected.Dh0),
                (got.Dc0, expected.Dc0), .. expected.Gradients.Select(g => (got.Gradients[g.Key], g.Value)),
            ];
            return pairs.All(p => Numbers.Error(p.Item1, p.Item2) < 1e-4) ? null : PtxFault.Unknown;
        }
        catch (PtxFaultException e)
        {
            return e.Kind;
        }
    }

    [GeneratedRegex("""bar\.sync|barrier\.cluster|bar\.warp\.sync|mbarrier""")]
    private static partial Regex BarrierPattern();

    [GeneratedRegex(@"^.*mbarrier\.arrive\.expect_tx.*,\s*(%r\d+|\d+);.*$")]
    private static partial Regex ExpectPattern();

    [GeneratedRegex(@"^.*mbarrier\.try_wait.*\],\s*(%r\d+);.*$")]
    private static partial Regex WaitPattern();

    [GeneratedRegex(@"^\s*(?:@!?%p\d+\s+)?(?:ld|st)\.(?:global|shared)\.[bfsu](\d+)\s.*?(\[%rd\d+\])")]
    private static partial Regex AccessPattern();
}
