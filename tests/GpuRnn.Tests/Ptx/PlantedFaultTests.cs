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
    /// <param name="Superfluous">Barriers that others make superfluous whatever the sizes.</param>
    public sealed record Kernels(string Cell, Strategy Strategy, int Superfluous = 0)
    {
        public IEnumerable<Case> Cases =>
        [
            new(Cell, 3, 18, 37, 40, Lengths: [.. Enumerable.Range(0, 18).Select(b => b % 4)], Strategy: Strategy),
            new(Cell, 3, 3, 5, 7, Strategy: Strategy),
        ];
    }

    static IEnumerable<Kernels> All =>
    [
        new("lstm", Strategy.SequencesOwned),
        new("lstm", Strategy.HiddenOwned),
        // what its first stage made is read behind the second's product with x, which has barriers of its own
        new("relevance_lstm", Strategy.SequencesOwned, 1),
        new("rnn_normalized", Strategy.SequencesOwned),
    ];

    /// <summary>A line of a kernel and what stands there instead.</summary>
    sealed record Fault(MethodInfo Method, string[] Lines, int Line, string Instead)
    {
        public string Text => string.Join('\n', Lines.Select((line, i) => i == Line ? Instead : line));

        public override string ToString() => $"{Method.Name}, line {Line + 1}: '{Lines[Line].Trim()}'";
    }

    [TestCaseSource(nameof(All))]
    public void NoBarrierCanBeMissing(Kernels kernels)
    {
        List<Fault> faults = [.. Faults(kernels, line => line.Contains("bar.sync", StringComparison.Ordinal) ? "" : null)];
        Assert.That(faults, Has.Count.GreaterThan(5));
        List<Fault> missed = [.. faults.Where(f => !Outcomes(kernels, f, 5).Any(o => o is PtxFault.Race or PtxFault.Unwritten))];
        Assert.That(missed, Has.Count.EqualTo(kernels.Superfluous), $"of {faults.Count}: {string.Join("; ", missed)}");
    }

    [TestCaseSource(nameof(All)), Category("Long")]
    public void NoAccessCanBeElsewhere(Kernels kernels)
    {
        List<Fault> faults = [.. Faults(kernels, Moved)];
        Assert.That(faults, Has.Count.GreaterThan(100));
        List<Fault> missed = [.. faults.Where(f => Outcomes(kernels, f, 2).All(o => o is null))];
        TestContext.Out.WriteLine($"{faults.Count - missed.Count} of {faults.Count} found; not found:");
        foreach (Fault f in missed) TestContext.Out.WriteLine(f);
        Assert.That(missed, Has.Count.LessThanOrEqualTo(0.05 * faults.Count));
    }

    /// <summary>What shows a fault in each case, in several orders of the threads.</summary>
    static IEnumerable<PtxFault?> Outcomes(Kernels kernels, Fault fault, int orders) =>
        from seed in Enumerable.Range(1, orders) from c in kernels.Cases select Run(c, fault, seed);

    /// <summary>An access an element further on; null for what is none.</summary>
    static string? Moved(string line)
    {
        if (AccessPattern().Match(line) is not { Success: true } access) return null;
        int size = int.Parse(access.Groups[1].Value, CultureInfo.InvariantCulture) / 8;
        return line.Replace(access.Groups[2].Value, $"[{access.Groups[2].Value.Trim('[', ']')}+{size}]", StringComparison.Ordinal);
    }

    /// <summary>What can be planted in the instructions that are run.</summary>
    static IEnumerable<Fault> Faults(Kernels kernels, Func<string, string?> change)
    {
        using PtxGpu gpu = new() { IsApart = true };
        foreach (Case c in kernels.Cases) Outcome<float>.Of(gpu.Device, c, out _);
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
        using PtxGpu gpu = new(seed) { Edit = (method, text) => method == fault.Method ? fault.Text : text };
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

    [GeneratedRegex(@"^\s*(?:@!?%p\d+\s+)?(?:ld|st)\.(?:global|shared)\.[bfsu](\d+)\s.*?(\[%rd\d+\])")]
    private static partial Regex AccessPattern();
}
