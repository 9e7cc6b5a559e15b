using System.CommandLine;
using GpuRnn.Lecture.Labs;
using GpuRnn.Lecture.Runs;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn lab LAB`: claims about recurrent networks, measured; the same options for all labs, and a lab's own.</summary>
static class LabCommand
{
    public static Command Create()
    {
        Command command = new("lab", "Measure what is said of recurrent networks.");
        foreach (Lab lab in LabCatalog.Labs) command.Subcommands.Add(Of(lab));
        return command;
    }

    static Command Of(Lab lab)
    {
        Option<string?>[] own = [.. lab.Options.Select(Own)];
        Option<int> seed = new("--seed") { Description = "Seed of weights and data (1).", DefaultValueFactory = _ => 1 };
        Option<string?> device = new("--device") { Description = "cpu, cpu:N, opencl, cuda, ..." };
        Option<string?> output = new("--out") { Description = $"Folder for metrics, pictures and report (runs/lab-{lab.Name})." };
        Option<bool> json = new("--json") { Description = "Metrics as JSON on standard output." };
        Command command = new(lab.Name, lab.Description);
        foreach (Option option in (Option[])[.. own, seed, device, output, json]) command.Options.Add(option);
        command.SetAction((parse, cancel) =>
        {
            var given = lab.Options.Zip(own).Select(o => (o.First.Name, Value: parse.GetValue(o.Second))).Where(o => o.Value is not null);
            LabOptions options =
                new(lab, given.ToDictionary(o => o.Name, o => o.Value!)) { Seed = parse.GetValue(seed), Device = parse.GetValue(device) };
            LabSession session = new(lab, options, new(parse.GetValue(output) ?? Path.Combine("runs", $"lab-{lab.Name}")));
            RunOutcome outcome = null!;
            Screen.Progress(parse.GetValue(json), say => outcome = session.Run(say, cancel));
            OutcomeScreen.Show(outcome, parse.GetValue(json));
            return Task.FromResult(0);
        });
        return command;
    }

    static Option<string?> Own(OwnOption option) =>
        new($"--{option.Name}")
        {
            Description = option.Default is null ? $"{option.Description}." : $"{option.Description} ({option.Default})."
        };
}
