using System.CommandLine;
using GpuRnn.Bench.Commands;
using GpuRnn.Programs;

RootCommand root = new("Benchmarks, and what is made of their results.")
{
    BenchmarksCommand.Create(),
    ReportCommand.Create(),
    CompareCommand.Create(),
};
return await CommandProgram.Run("bench", root, args);
