using System.CommandLine;
using BenchmarkDotNet.Running;

namespace GpuRnn.Bench.Commands;

/// <summary>`benchmarks`: pieces of the engine under BenchmarkDotNet, whose options follow a --.</summary>
static class BenchmarksCommand
{
    public static Command Create()
    {
        Argument<string[]> options = new("options")
        {
            Description = "BenchmarkDotNet's, behind a --: -- --filter '*Kernel*'; -- --list flat; -- --help.",
        };
        Command benchmarks = new("benchmarks", "Run benchmarks under BenchmarkDotNet.") { options };
        benchmarks.SetAction(parse =>
        {
            BenchmarkSwitcher.FromAssembly(typeof(BenchmarksCommand).Assembly).Run(parse.GetValue(options));
            return 0;
        });
        return benchmarks;
    }
}
