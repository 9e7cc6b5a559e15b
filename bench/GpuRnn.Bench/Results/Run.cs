namespace GpuRnn.Bench.Results;

/// <summary>A file of bench/run-peers.sh: when, of what, where, and what came out.</summary>
sealed record Run<T>(string Date, string Commit, Machine Machine, Versions Versions, double BandwidthGbs, IReadOnlyList<T> Results);

/// <summary>What was measured on.</summary>
sealed record Machine(string Cpu, int Cores, int VectorBits, int MemoryGb);

/// <summary>What was measured with.</summary>
sealed record Versions(string Dotnet, string Ilgpu, string Onnxruntime, string Torchsharp, string Libtorch);
