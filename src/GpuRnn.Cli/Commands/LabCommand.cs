using System.CommandLine;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn lab LAB`: claims about recurrent networks, measured.</summary>
static class LabCommand
{
    public static Command Create() => new("lab", "Measure what is said of recurrent networks.")
    {
        Labs.Memory.MemoryLab.Create(),
        Labs.Gradients.GradientsLab.Create(),
        Labs.Gates.GatesLab.Create(),
    };
}
