namespace GpuRnn.Measuring.Results;

/// <summary>A file of bench/run-peers.sh: when, of what, where, and what came out.</summary>
public sealed record Run<T>(string Date, string Commit, Machine Machine, Versions Versions, double BandwidthGbs, IReadOnlyList<T> Results)
{
    /// <summary>Where, when and of what.</summary>
    public string Title => $"{Machine.Cpu}, {Machine.Cores} cores, {Date}, commit {Commit}";
}

/// <summary>What was measured on.</summary>
public sealed record Machine(string Cpu, int Cores, int VectorBits, int MemoryGb);

/// <summary>What was measured with.</summary>
public sealed record Versions(string Dotnet, string Ilgpu, string Onnxruntime, string Torchsharp, string Libtorch);
