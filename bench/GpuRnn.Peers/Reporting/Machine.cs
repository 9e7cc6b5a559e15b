using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace GpuRnn.Peers.Reporting;

/// <summary>What was measured on.</summary>
sealed record Machine(string Cpu, int Cores, int VectorBits, int MemoryGb)
{
    public static Machine Of(Device device) =>
        new(CpuName(), device.Workers, device.VectorBits, (int)Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9));

    static string CpuName()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? "unknown" : line[(line.IndexOf(':') + 1)..].Trim();
    }
}

/// <summary>What was measured with.</summary>
sealed record Versions(string Dotnet, string Ilgpu, string Onnxruntime, string Torchsharp, string Libtorch)
{
    public static Versions Here() => new(Environment.Version.ToString(), Of(typeof(ILGPU.Context)), OrtEnv.Instance().GetVersionString(),
        Of(typeof(torch)), torch.__version__);

    static string Of(Type type) =>
        (type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];
}
