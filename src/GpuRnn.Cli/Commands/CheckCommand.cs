using System.CommandLine;
namespace GpuRnn.Cli.Commands;
static class CheckCommand { public static Command Create() => new("check"); }
