using System.Globalization;
using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>A try on a GPU: what was checked, and the engine beside PyTorch, milliseconds with the largest error against float64.</summary>
static class GpuTable
{
    static readonly string[] s_modes = ["fp32", "tf32", "fp16"];

    public static string Of(ResultsFolder folder)
    {
        GpuRun run = folder.Gpu;
        return string.Join("\n\n", new[] { Machine(run), Checks(run), Speed(run), Trouble(run) }.Where(part => part.Length > 0));
    }

    static string Machine(GpuRun run)
    {
        string driver = run.Machine.Driver is string d ? $", driver {d}" : "";
        string peaks = run.Tried is { PeakGflops: double peak, BandwidthGbs: double bandwidth } tried
            ? $", {tried.Detail}, FMA peak {Figure.Of(peak)} GFLOP/s, memory {Figure.Of(bandwidth)} GB/s" : "";
        string torch = run.Versions is { } v ? $", PyTorch {v.Torch}{(v.Cudnn is long cudnn ? $" with cuDNN {cudnn}" : "")}" : "";
        return $"{run.Name}{driver}{peaks}{torch}; {run.Date}, commit {run.Commit}; `bench/gpu/run`, device {run.Device}.";
    }

    static string Checks(GpuRun run)
    {
        // Math.Max keeps NaN, which Enumerable's Max passes over
        string check = run.Check is { } c
            ? $"{c.Results.Count(r => r.Passed)} of {c.Results.Count} cases against plain loops passed, largest error "
                + Error(c.Results.Select(r => r.Error).Aggregate(0.0, Math.Max))
            : "not checked";
        string tests = run.Tests is { } t
            ? $"{t.Passed} device tests passed, {t.Failed} failed, {t.Skipped} skipped" : "no device test ran";
        string[] differ = [.. run.Engine.Where(r => r.SameBits != true).Select(r => $"{r.Cell} {r.T}, {r.B}, {r.I}, {r.H} {r.Pass}")];
        string bits = run.Engine.Count == 0 ? "nothing was run twice" : differ.Length == 0
            ? $"{run.Engine.Min(r => r.Runs)} runs of each pass made the same bits" : $"runs differ: {string.Join("; ", differ)}";
        return $"{check}; {tests}; {bits}.";
    }

    static string Speed(GpuRun run)
    {
        if (run.Engine.Count == 0) return "";
        string[] modes = [.. s_modes.Where(mode => run.Peers.Any(p => p.Mode == mode))];
        string[] columns = ["cell, T, B, I, H, pass", "gpurnn, ms (error)"];
        MarkdownTable table = new([.. columns, .. modes.Select(m => $"PyTorch {m}, ms (error)"), .. modes.Select(m => $"{m} / gpurnn")]);
        foreach (EngineResult row in run.Engine)
        {
            GpuPeerResult?[] peers = [.. modes.Select(mode => run.Peers.FirstOrDefault(p => p.Mode == mode && p.IsOf(row)))];
            table.Add(
            [
                $"{row.Cell}, {row.T}, {row.B}, {row.I}, {row.H}, {row.Pass}", Figures(row.Seconds, row.Error),
                .. peers.Select(p => p?.Seconds is double seconds ? Figures(seconds, p.Error) : p?.Failure is null ? "" : "failed"),
                .. peers.Select(p => Figure.Ratio((p?.Seconds ?? double.NaN) / row.Seconds)),
            ]);
        }
        return table.ToString();
    }

    static string Trouble(GpuRun run)
    {
        IEnumerable<string> steps = run.Steps.Where(s => !s.Ok).Select(s => $"- {s.Name}: {s.Outcome}");
        IEnumerable<string> tests = (run.Tests?.Failures ?? []).Select(f => $"- {f.Name}: {f.Message.Split('\n')[0]}");
        IEnumerable<string> peers = run.Peers.Where(p => p.Failure is not null)
            .Select(p => $"- PyTorch {p.Mode}, {p.Cell}, {p.T}, {p.B}, {p.I}, {p.H}, {p.Pass}: {p.Failure}");
        return string.Join('\n', [.. steps, .. tests, .. peers]);
    }

    static string Figures(double seconds, double error) => $"{Figure.Of(seconds * 1e3)} ({Error(error)})";

    static string Error(double error) => error.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
