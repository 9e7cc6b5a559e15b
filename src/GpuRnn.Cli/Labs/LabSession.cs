using System.CommandLine;
using System.Globalization;
using GpuRnn.Cli.Commands;
using GpuRnn.Cli.Reports;
using GpuRnn.Cli.Tasks.Training;
using Spectre.Console;

namespace GpuRnn.Cli.Labs;

/// <summary>What all labs share: options, progress, and metrics.json, pictures and report.html in a folder.</summary>
sealed class LabSession(string name)
{
    public Option<int> Seed { get; } = new("--seed") { Description = "Seed of weights and data (1).", DefaultValueFactory = _ => 1 };
    public Option<string?> Device { get; } = new("--device") { Description = "cpu, cpu:N, opencl, cuda, ..." };
    Option<string?> Output { get; } = new("--out") { Description = $"Folder for metrics, pictures and report (runs/lab-{name})." };
    Option<bool> AsJson { get; } = new("--json") { Description = "Metrics as JSON on standard output." };

    /// <summary>The command, with the lab's own options before the shared ones.</summary>
    public Command Create(string description, IEnumerable<Option> own, Action<ParseResult, RunOutcome, Action<double, string>, CancellationToken> run)
    {
        Command command = new(name, description);
        foreach (Option option in (Option[])[.. own, Seed, Device, Output, AsJson]) command.Options.Add(option);
        command.SetAction((parse, cancel) =>
        {
            bool json = parse.GetValue(AsJson);
            RunFolder folder = new(parse.GetValue(Output) ?? Path.Combine("runs", $"lab-{name}"));
            folder.RefuseRun();
            HtmlReport report = new($"lab {name}", description);
            RunOutcome outcome = new(folder, report) { Metrics = { ["lab"] = name } };
            System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
            Screen.Progress(json, say => run(parse, outcome, say, cancel));
            cancel.ThrowIfCancellationRequested();
            folder.Make();
            outcome.Metrics["seconds"] = clock.Elapsed.TotalSeconds;
            outcome.Save(string.Join(' ', ["gpurnn", "lab", name, .. Given(parse, command)]));
            outcome.Show(json);
            if (!json && outcome.Sample is { } sample) AnsiConsole.WriteLine(Escape.Clean(sample));
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>The options that were given, but for where things go.</summary>
    IEnumerable<string> Given(ParseResult parse, Command command) => command.Options
        .Where(o => o != Output && o != AsJson && parse.GetResult(o) is { Implicit: false })
        .SelectMany(o => parse.GetResult(o)!.Tokens.Select(t => TrainingSession.Quote(t.Value)).Prepend(o.Name));

    /// <summary>A list option's numbers, each from 1 to the most, in ascending order.</summary>
    public static int[] Numbers(string text, string option, int most)
    {
        int Number(string n) => int.TryParse(n, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most ? value
            : throw new GpuRnnException($"{option} has '{n}'; expected whole numbers from 1 to {most}, such as 5,50,500.");
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Number).Distinct().Order()];
    }
}
