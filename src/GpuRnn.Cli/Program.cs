using System.CommandLine;
using GpuRnn.Cli.Commands;
using GpuRnn.Programs;

RootCommand root = new("Recurrent networks on CUDA, OpenCL and the CPU.")
{
    DevicesCommand.Create(),
    BenchCommand.Create(),
    TuneCommand.Create(),
    CheckCommand.Create(),
    TrainCommand.Create(),
    SampleCommand.Create(),
    LabCommand.Create(),
    VocabularyCommand.Create(),
};
return await CommandProgram.Run("gpurnn", root, args, mayBeEmpty: SampleCommand.Prompt);
