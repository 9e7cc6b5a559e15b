using System.CommandLine;
using System.Diagnostics;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;
using GpuRnn.Peers.Cases;
using GpuRnn.Peers.Libraries;
using GpuRnn.Peers.Measuring;
using GpuRnn.Peers.Reporting;

namespace GpuRnn.Peers.Commands;

/// <summary>The comparison itself: all suites, or some.</summary>
static class CompareCommand
{
    const int Rounds = 5, QuickRounds = 2;

    public static RootCommand Create()
    {
        Option<string[]> suites = new("--suite")
        {
            Description = $"What to measure: {string.Join(", ", Suites.Names)} (all).",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> shape = new("--shape") { Description = "Only rows of this T,B,I,H." };
        Option<bool> quick = new("--quick") { Description = $"{QuickRounds} rounds instead of {Rounds}." };
        Option<double> minutes = new("--minutes")
        {
            Description = "Time for all of it: a row that takes more than its share has fewer rounds, two at least.",
            DefaultValueFactory = _ => 20,
        };
        RootCommand compare = new("GpuRnn beside ONNX Runtime and libtorch, on the CPU.")
        { suites, shape, quick, minutes, JsonOption() };
        compare.SetAction((parse, cancel) =>
        {
            IEnumerable<string> names = parse.GetValue(suites) is { Length: > 0 } chosen ? chosen : Suites.Names;
            List<Case> cases = [.. names.SelectMany(Suites.Of)];
            if (parse.GetValue(shape) is string only)
            {
                BenchShape wanted = BenchShape.Parse(only);
                if (cases.RemoveAll(c => c.Shape != wanted) > 0 && cases.Count == 0)
                    throw new GpuRnnException($"No row has the shape {wanted}.");
            }
            Run(cases, parse.GetValue(quick) ? QuickRounds : Rounds, Allowed(parse.GetValue(minutes)), parse.GetValue<string?>("--json"),
                cancel);
            return Task.FromResult(0);
        });
        return compare;
    }

    public static Option<string?> JsonOption() => new("--json") { Description = "The file that the results are written to." };

    static TimeSpan Allowed(double minutes) => minutes is > 0 and <= 10_000 ? TimeSpan.FromMinutes(minutes)
        : throw new GpuRnnException("--minutes is a number above 0, 10000 at most.");

    static void Run(List<Case> cases, int most, TimeSpan allowed, string? json, CancellationToken cancel)
    {
        Report.ThrowIfNoFolder(json);
        using Device device = Device.Open("cpu");
        Participants.Prepare(device);
        using MachinePeak peak = new(device);
        Rounds rounds = new(device, peak, most);
        List<PeerResult> results = [];
        Stopwatch watch = Stopwatch.StartNew();
        Run<PeerResult> report = Report.Of(device, results);
        foreach (Case c in cases)
        {
            Console.Error.WriteLine($"[{results.Count + 1}/{cases.Count}] {c}");
            CaseData data = new(c);
            List<IPeer> peers = [.. Participants.Of(c, data, device)];
            TimeSpan share = (allowed - watch.Elapsed) / (cases.Count - results.Count);
            results.Add(c.With(rounds.Run(c, peers, share, cancel)));
            peers.ForEach(peer => peer.Dispose());
            Report.Write(json, report); // after each row: a run that is ended leaves what it has
        }
        Summary.Write(results);
    }
}
