using System.CommandLine;

namespace GpuRnn.Cli.Labs.Gates;

static class GatesLab
{
    public static Command Create() => new("gates", "");
}
