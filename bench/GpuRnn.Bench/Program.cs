using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/GpuRnn.Bench -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(GpuRnn.Bench.PassBenchmarks).Assembly).Run(args);
