using System.CommandLine;
using GpuRnn.Cli.Checking;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn bench`: the engine beside what the device can do at most.</summary>
static class BenchCommand
{
    public static Command Create()
    {
        Option<string[]> shapes = new("--shape")
        {
            Description = "T,B,I,H: steps, sequences, input size, hidden units; one or more (five typical ones).",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> cell = new("--cell")
        {
            Description = "lstm, gru, rnn or relevance (or any full name of a cell).",
            DefaultValueFactory = _ => "lstm",
        };
        Option<string?> pass = new("--pass") { Description = "forward or training (both)." };
        Option<string[]> devices = new("--device")
        {
            Description = "cpu, cpu:N, opencl, cuda, ...; one or more (the CPU and all GPUs).",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> recompute = new("--recompute")
        {
            Description = "Training that keeps states every so many steps and computes gates again; 0 keeps everything (0)."
        };
        Option<bool> errors = new("--errors") { Description = "Also compare with double precision, and ten runs with each other." };
        Option<bool> json = new("--json") { Description = "JSON on standard output." };
        Option<bool> explain = new("--explain")
        {
            Description = "Say how each pass is planned, and why; on a CPU beside what else it could be.",
        };
        Option<string> weights = new("--weights")
        {
            Description = "Packed weights as float or, in forward passes, bfloat16 or int8.", DefaultValueFactory = _ => "float",
        };
        Option<bool> untuned = new("--untuned") { Description = "Plan as if `gpurnn tune` had never run." };
        Option<bool> all = new("--all") { Description = "With --explain: measure all that it could be, in turns." };
        Command bench = new("bench", "Measure passes, as GFLOP/s and as a share of the device's peak.")
        { shapes, cell, pass, devices, recompute, errors, json, explain, all, weights, untuned };
        bench.SetAction((parse, cancel) =>
        {
            bool[] passes = parse.GetValue(pass) switch
            {
                null => [false, true],
                "forward" => [false],
                "training" => [true],
                string other => throw new GpuRnnException($"--pass is '{other}'; it can be forward or training."),
            };
            PassOptions options = new()
            {
                Recompute = OptionLimits.Whole(parse.GetValue(recompute), "--recompute", 0, OptionLimits.Many),
                WeightPrecision = parse.GetValue(weights) switch
                {
                    "float" => WeightPrecision.Full,
                    "bfloat16" when passes is [false] => WeightPrecision.BFloat16,
                    "int8" when passes is [false] => WeightPrecision.Int8,
                    "bfloat16" or "int8" => throw new GpuRnnException(
                        $"--weights {parse.GetValue(weights)} is for inference: add --pass forward."),
                    string other => throw new GpuRnnException($"--weights is '{other}'; it can be float, bfloat16 or int8."),
                    null => throw new GpuRnnException("--weights needs float, bfloat16 or int8."),
                },
            };
            BenchShape[] chosen = [.. (parse.GetValue(shapes) ?? []).Select(BenchShape.Parse)];
            Job job = new(Cell.Named(parse.GetValue(cell)!), chosen.Length > 0 ? chosen : BenchShape.Default, passes,
                options, parse.GetValue(errors),
                parse.GetValue(explain), parse.GetValue(all), !parse.GetValue(untuned));
            string[] ids = parse.GetValue(devices) is { Length: > 0 } named ? named : DeviceChoice.CpuAndGpus();
            Run(job, ids, parse.GetValue(json), cancel);
            return Task.FromResult(0);
        });
        return bench;
    }

    static void Run(Job job, string[] ids, bool json, CancellationToken cancel)
    {
        List<EngineResult> results = [];
        List<string> explanations = [];
        Screen.Progress(json, tell =>
        {
            double all = ids.Length * job.Passes.Length * job.Shapes.Count;
            foreach (string id in ids)
            {
                using Device device = Device.Open(id, new() { UseTuning = job.UseTuning });
                using MachinePeak peak = new(device);
                foreach (BenchShape shape in job.Shapes)
                    foreach (bool training in job.Passes)
                    {
                        cancel.ThrowIfCancellationRequested();
                        tell(results.Count / all, $"{id}: {shape} {(training ? "training" : "forward")}");
                        OptionLimits.Memory(device, shape.Bytes(job.Cell.Gates), $"--shape {shape}");
                        using BenchCase subject = new(device, job.Cell, shape, training, job.Options);
                        EngineResult result = Benchmark.Run(device, id, peak, subject, job.Cell.Name, shape, training, cancel);
                        if (job.Errors) result = Exact(device, job, shape, training, result, cancel);
                        if (job.Options.WeightPrecision != WeightPrecision.Full) result = result with
                        { Weights = job.Options.WeightPrecision.ToString().ToLowerInvariant() };
                        if (job.All && subject.Candidates.Count > 0) result = result with
                        { Ways = SharingStudy.Of(device, peak, job.Cell, shape, training, job.Options, 5, cancel) };
                        results.Add(result);
                        if (!job.Explain) continue;
                        explanations.AddRange(subject.Explain(result).Select(line => $"{id} {shape} {result.Pass}: {line}"));
                        explanations.AddRange(result.Ways is { } ways ? Measured(ways)
                            : subject.Candidates.Select(c => $"    {c.Sharing}: predicted {c.Time / subject.Candidates[0].Time:F2}"));
                    }
                explanations.AddRange(device.Diagnostics.Select(line => $"{id}: {line}"));
            }
        });
        if (json) Console.WriteLine(ResultFile.ToJson(results));
        else Report(job.Cell, results);
        foreach (string line in explanations) (json ? Console.Error : Console.Out).WriteLine(line);
    }

    static IEnumerable<string> Measured(IReadOnlyList<StudiedSharing> studied) => studied.Select(s =>
        $"    {s.Sharing}: predicted {Figure.Fixed(s.Predicted * 1e3, 3)} ms, measured {Figure.Fixed(s.Measured * 1e3, 3)} ms, "
        + $"{Figure.Fixed(s.Measured / studied.Min(b => b.Measured), 2)} times the best one's");

    static EngineResult Exact(Device device, Job job, BenchShape shape, bool training, EngineResult result, CancellationToken cancel)
    {
        Exactness exact = Exactness.Of(device, job.Cell, shape, training, job.Options.Recompute, cancel);
        return result with
        {
            OutputError = exact.OutputError,
            GradientError = exact.GradientError,
            Runs = exact.Runs,
            SameBits = exact.SameBits,
        };
    }

    static void Report(Cell cell, List<EngineResult> results)
    {
        bool errors = results.Any(r => r.Runs is not null);
        string[] exact = errors ? [" outputs", " gradients", "bits"] : [];
        Table table = Screen.Table(["device", " T", " B", " I", " H", "pass", " ms", " GFLOP/s", " peak", " share", " rounds", .. exact]);
        BarChart chart = new() { Label = "share of the FMA peak, %", MaxValue = 100, Width = 100 };
        foreach (EngineResult r in results)
        {
            string[] row =
            [
                r.Device, $"{r.T}", $"{r.B}", $"{r.I}", $"{r.H}", r.Pass, Figure.Fixed(r.Seconds * 1e3, r.Seconds < 0.01 ? 3 : 1),
                Figure.Fixed(r.Gflops, 1), Figure.Fixed(r.PeakGflops, 0), $"{Figure.Fixed(r.Share * 100, 0)}%",
                $"{Figure.Fixed(r.ShareMin * 100, 0)}-{Figure.Fixed(r.ShareMax * 100, 0)}%",
                .. errors ? Exactly(r) : [],
            ];
            table.AddRow([.. row.Select(Markup.Escape)]);
            Color color = r.Pass == "forward" ? Color.Green : Color.Blue;
            chart.AddItem(Markup.Escape($"{r.Device} {r.T},{r.B},{r.I},{r.H} {r.Pass}"), Math.Round(Math.Min(r.Share, 1) * 100), color);
        }
        table.Title(Markup.Escape($"{cell.Name}, fp32"));
        Screen.Write(table);
        Screen.Write(chart);
    }

    static string[] Exactly(EngineResult r) =>
        [E(r.OutputError), E(r.GradientError), $"{r.Runs} runs {(r.SameBits == true ? "the same" : "differ")}"];

    static string E(double? error) => error is double e ? Figure.Error(e) : "";

    sealed record Job(Cell Cell, IReadOnlyList<BenchShape> Shapes, bool[] Passes, PassOptions Options, bool Errors, bool Explain, bool All,
        bool UseTuning);
}
