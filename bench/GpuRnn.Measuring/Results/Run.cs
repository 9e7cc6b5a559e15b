namespace GpuRnn.Measuring.Results;

/// <summary>A file of bench/run-peers.sh: when, of what, where, and what came out.</summary>
public sealed record Run<T>(string Date, string Commit, Machine Machine, Versions Versions, double BandwidthGbs, IReadOnlyList<T> Results);

/// <summary>What was measured on.</summary>
public sealed record Machine(string Cpu, int Cores, int VectorBits, int MemoryGb);

/// <summary>What was measured with.</summary>
public sealed record Versions(string Dotnet, string Ilgpu, string Onnxruntime, string Torchsharp, string Libtorch);
