using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GpuRnn.Cli.Commands;
using GpuRnn.Cli.Reports;
using GpuRnn.Interop;
using Spectre.Console;

namespace GpuRnn.Cli.Tasks.Training;

/// <summary>`gpurnn train TASK` once its options are settled: the run with its progress, then measures, pictures and the report.</summary>
sealed class TrainingSession(TrainingTask task, TrainOptions options, RunFolder folder)
{
    /// <summary>Returns the exit code.</summary>
    public int Run(RunLength length, bool resume, string? deviceName, bool json, CancellationToken cancel)
    {
        using Device device = Device.Open(deviceName);
        using TaskRun run = task.Open(device, options);
        folder.Make();
        IAnsiConsole console = json ? AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }) : AnsiConsole.Console;
        if (!json) console.MarkupLineInterpolated($"{run.Summary}; {options.Cell} of {options.Hidden}, {run.Parameters.Length:N0} weights; {device.Name}");
        using TrainingRun training = new(options, run, folder);
        training.Begin(resume);
        Show(console, json, training, run, length, cancel);
        HtmlReport report = new($"train {task.Name}", Sentence(training, run));
        RunOutcome outcome = new(folder, report);
        Stopwatch judging = Stopwatch.StartNew();
        outcome.Metrics["task"] = task.Name;
        run.Judge(outcome);
        Describe(outcome, training, run, device, judging.Elapsed);
        LineChart curve = training.Curve.Chart(run.LossUnit, run.Floor);
        outcome.Chart(outcome.Section("Training"), curve, "loss.png");
        report.Command(CommandLine(training.Steps)).Metrics(outcome.Metrics).Write(folder.Report);
        AtomicFile.Write(folder.Metrics, stream => JsonSerializer.Serialize(stream, outcome.Metrics, Json.Numbers));
        if (json) Console.WriteLine(JsonSerializer.Serialize(outcome.Metrics, Json.Numbers));
        else Report(console, outcome, training, run);
        return cancel.IsCancellationRequested ? 130 : 0;
    }

    static void Show(IAnsiConsole console, bool json, TrainingRun training, TaskRun run, RunLength length, CancellationToken cancel)
    {
        ProgressColumn[] columns = [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()];
        console.Progress().AutoClear(json).Columns(columns).Start(context =>
        {
            ProgressTask bar = context.AddTask("starting", maxValue: 1);
            training.Train(length, p =>
            {
                bar.Value = p.Share;
                bar.Description = string.Create(
                    CultureInfo.InvariantCulture,
                    $"step {p.Step}  "
                    + $"loss {p.Loss:f3}  {p.ItemsPerSecond / 1000:f1}k {run.Items}/s  {p.Left:mm\\:ss} left");
            }, cancel);
        });
    }

    string Sentence(TrainingRun training, TaskRun run) =>
        $"{options.Layers} {options.Cell} layer{(options.Layers == 1 ? "" : "s")} of {options.Hidden}"
        + $" units, {training.Steps} steps on {run.DataName}; "
        + $"judged on data that was not trained on.";

    void Describe(RunOutcome outcome, TrainingRun training, TaskRun run, Device device, TimeSpan judging)
    {
        foreach ((string name, object? value) in new (string, object?)[]
        {
            ("data", run.DataName), ("cell", options.Cell), ("hidden", options.Hidden),
            ("layers", options.Layers), ("batch", options.Batch), ("seed", options.Seed),
            ("optimizer", options.Optimizer), ("rate", options.Rate), ("schedule", options.Schedule), ("horizon", options.Horizon), ("options", options.Own),
            ("parameters", run.Parameters.Length), ("device", device.Name), ("steps", training.Steps), ("stopped_early", training.StoppedEarly),
            ("seconds", training.Seconds), ("judging_seconds", judging.TotalSeconds), (run.SpeedMetric, training.ItemsPerSecond),
            ("items", run.Items), ("curve", training.Curve.ToJson()),
        })
            outcome.Metrics.TryAdd(name, value);
        outcome.Lines.Add(($"{run.Items} a second", training.ItemsPerSecond.ToString("N0", CultureInfo.InvariantCulture)));
    }

    /// <summary>The command that makes this run again.</summary>
    string CommandLine(long steps)
    {
        TrainOptions defaults = task.Defaults(options.Data is not null);
        List<string> words = [];
        void Say<T>(string name, T value, T otherwise)
        {
            if (!EqualityComparer<T>.Default.Equals(value, otherwise)) words.Add(string.Create(CultureInfo.InvariantCulture, $"--{name} {value}"));
        }
        Say("data", options.Data is null ? null : Quote(options.Data), null);
        Say("cell", options.Cell, defaults.Cell);
        Say("hidden", options.Hidden, defaults.Hidden);
        Say("layers", options.Layers, defaults.Layers);
        Say("batch", options.Batch, defaults.Batch);
        Say("optimizer", options.Optimizer, defaults.Optimizer);
        Say("rate", options.Rate, defaults.Rate);
        Say("schedule", options.Schedule, defaults.Schedule);
        Say("horizon", options.Horizon, defaults.Horizon);
        Say("clip", options.Clip, defaults.Clip);
        Say("clip-norm", options.ClipNorm, defaults.ClipNorm);
        Say("clip-value", options.ClipValue, defaults.ClipValue);
        Say("dropout", options.Dropout, defaults.Dropout);
        if (options.Variational) words.Add("--variational");
        Say("weight-decay", options.WeightDecay, defaults.WeightDecay);
        Say("smoothing", options.Smoothing, defaults.Smoothing);
        Say("accumulate", options.Accumulate, defaults.Accumulate);
        Say("patience", options.Patience, defaults.Patience);
        Say("memory", options.Memory, defaults.Memory);
        foreach ((string name, string value) in options.Own) Say(name, value, defaults.Own[name]);
        Say("seed", options.Seed, defaults.Seed);
        Say("steps", steps, defaults.Horizon);
        return string.Join(' ', [$"gpurnn train {task.Name}", .. words]);
    }

    /// <summary>A path as a shell takes it.</summary>
    public static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-".Contains(c)) ? path : $"'{path.Replace("'", "'\\''")}'";

    void Report(IAnsiConsole console, RunOutcome outcome, TrainingRun training, TaskRun run)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "value");
        foreach ((string name, string value) in outcome.Lines) table.AddRow(Markup.Escape(name), Markup.Escape(value));
        string files = string.Join(", ", ["model.safetensors", "metrics.json", "report.html", .. outcome.Files]);
        table.AddRow("written", Markup.Escape($"{files} in {folder.Path}"));
        if (training.StoppedEarly) table.AddRow("stopped", $"after {training.Steps} steps: no improvement in {options.Patience} evaluations");
        Screen.Write(table);
        if (!PngWriter.HasLabels) console.WriteLine("There are no fonts on this machine, so the PNG pictures have no labels; report.html has them.");
        if (outcome.Sample is { } sample) console.Write(new Panel(Markup.Escape(sample)).Header("a sample"));
    }
}
