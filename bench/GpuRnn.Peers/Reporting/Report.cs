using System.Reflection;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace GpuRnn.Peers.Reporting;

/// <summary>A run's file: when, of what, where, and what came out.</summary>
static class Report
{
    public static Run<T> Of<T>(Device device, IReadOnlyList<T> results) =>
        new($"{DateTime.UtcNow:yyyy-MM-dd}", Environment.GetEnvironmentVariable("GPURNN_COMMIT") ?? "unknown", MachineOf(device),
            Installed(),
            MachineBandwidth.Read(device, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), results);

    /// <summary>Writes a file, if one is wanted.</summary>
    public static void Write<T>(string? path, Run<T> report)
    {
        if (path is not null) ResultFile.Write(path, report);
    }

    /// <summary>Throws before a long run where its results could not be written after it.</summary>
    public static void ThrowIfNoFolder(string? path)
    {
        if (path is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new GpuRnnException($"--json '{path}' cannot be written: there is no such folder.");
    }

    static Machine MachineOf(Device device) =>
        new(Processor(), device.Workers, device.VectorBits, (int)Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9));

    static string Processor()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? "unknown" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    static Versions Installed() =>
        new(Environment.Version.ToString(), VersionOf(typeof(ILGPU.Context)), OrtEnv.Instance().GetVersionString(),
        VersionOf(typeof(torch)), torch.__version__);

    static string VersionOf(Type type) =>
        (type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];
}
