using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>What all figures of a folder were measured on, with what, when, and by which command.</summary>
static class MachineLine
{
    public static string Of(ResultsFolder folder)
    {
        Run<PeerResult> run = folder.Peers;
        (Machine m, Versions v) = (run.Machine, run.Versions);
        string line = $"{m.Cpu}, {m.Cores} core{(m.Cores == 1 ? "" : "s")}, {m.VectorBits}-bit vectors, {m.MemoryGb} GB; " +
            $"FMA peak {Peak(folder)} GFLOP/s, memory {Bandwidth(folder)} GB/s; .NET {v.Dotnet}, " +
            $"ILGPU {v.Ilgpu}, ONNX Runtime {v.Onnxruntime}, libtorch {v.Libtorch} (TorchSharp {v.Torchsharp}); {When(run)}; " +
            $"`bench/run-peers.sh --json bench/results/{folder.Name}/peers.json`.";
        if (folder.Has("peers-second.json")) line += Other("peers-second", run, folder.SecondPeers);
        if (folder.Has("memory.json")) line += Other("memory", run, folder.Memory);
        if (folder.Has("text.json")) line += Other("text", run, folder.Text);
        if (folder.Has("many-to-one.json")) line += Other("many-to-one", run, folder.ManyToOne);
        if (folder.Has("weights.json")) line += Other("weights", run, folder.Weights);
        return line;
    }

    /// <summary>GFLOP/s, from the least to the most that the machine gave while libraries ran.</summary>
    public static string Peak(ResultsFolder folder)
    {
        double[] peaks = [.. folder.Peers.Results.SelectMany(r => r.Libraries).Select(l => l.PeakGflops)];
        return peaks.Length > 0 ? Figure.Range(peaks.Min(), peaks.Max(), Figure.Of)
            : throw new GpuRnnException($"{folder.Path}/peers.json holds no rows.");
    }

    /// <summary>GB/s.</summary>
    public static string Bandwidth(ResultsFolder folder) => Figure.Of(folder.Peers.BandwidthGbs);

    static string When<T>(Run<T> run) => $"{run.Date}, commit {run.Commit}";

    /// <summary>Nothing where a file is of the same day and commit.</summary>
    static string Other<T>(string name, Run<PeerResult> peers, Run<T> run) => When(run) == When(peers) ? "" : $" {name}.json: {When(run)}.";
}
