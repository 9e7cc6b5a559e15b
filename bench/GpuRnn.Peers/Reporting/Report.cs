using System.Text.Json;
using GpuRnn.Cli.Measuring;
using GpuRnn.Interop;
using GpuRnn.Peers.Cases;
using GpuRnn.Peers.Measuring;

namespace GpuRnn.Peers.Reporting;

/// <summary>A row as the file has it.</summary>
sealed record CaseResult(string Suite, string Cell, string Pass, int T, int B, int I, int H, int Layers, int Directions, double Flop,
    IReadOnlyList<LibraryResult> Libraries)
{
    public static CaseResult Of(Case c, IReadOnlyList<LibraryResult> libraries) =>
        new(c.Suite, c.Cell, c.Pass, c.Shape.T, c.Shape.B, c.Shape.I, c.Shape.H, c.Layers, c.Directions, c.Flop, libraries);
}

/// <summary>A run: when, of what, where, and what came out.</summary>
sealed record Report<T>(string Date, string Commit, Machine Machine, Versions Versions, double BandwidthGbs, IReadOnlyList<T> Results)
{
    public static Report<T> Of(Device device, IReadOnlyList<T> results)
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new($"{DateTime.UtcNow:yyyy-MM-dd}", Environment.GetEnvironmentVariable("GPURNN_COMMIT") ?? "unknown", Machine.Of(device),
            Versions.Here(), MachineBandwidth.Read(device, memory), results);
    }
}

/// <summary>How this program writes files.</summary>
static class ReportFile
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Write<T>(string? path, T report)
    {
        if (path is not null) AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, report, s_json));
    }

    /// <summary>Throws before a long run where its results could not be written after it.</summary>
    public static void ThrowIfNoFolder(string? path)
    {
        if (path is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new GpuRnnException($"--json '{path}' cannot be written: there is no such folder.");
    }
}
