using System.Diagnostics;
using System.Globalization;
using GpuRnn.Cli.Commands;
using GpuRnn.Cli.Reports;
using Spectre.Console;

namespace GpuRnn.Cli.Tasks.Training;

/// <summary>How a run begins: in a folder without one, in place of another, or where another ended.</summary>
enum RunStart
{
    New,
    Replacing,
    Resumed,
}

/// <summary>`gpurnn train TASK` once its options are settled: the run with its progress, then measures, pictures and the report.</summary>
sealed class TrainingSession(TrainingTask task, TrainOptions options, RunFolder folder)
{
    const int Interrupted = 130;

    /// <summary>Returns the exit code.</summary>
    /// <exception cref="GpuRnnException">The run cannot be, or the folder holds one that nobody said was to be replaced.</exception>
    public int Run(RunLength length, RunStart start, string? deviceName, bool json, CancellationToken cancel)
    {
        if (start == RunStart.New && folder.HoldsRun)
            throw new GpuRnnException(
                $"'{folder.Path}' holds a run already. Give another folder to --out, "
                + $"--overwrite to replace it, or 'gpurnn train {task.Name} --resume {Quote(folder.Path)}' to go on with it.");
        using Device device = Device.Open(deviceName);
        OptionLimits.Memory(device, options.LeastBytes, $"{options.Layers} x {options.Hidden} units for {options.Batch} sequences");
        using TaskRun run = task.Open(device, options, cancel);
        using RunLock alone = new(folder);
        IAnsiConsole console = json ? AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }) : AnsiConsole.Console;
        string begins = $"{run.Summary}; {options.Cell} of {options.Hidden}, {run.Parameters.Length:N0} weights; {device.Name}";
        if (!json) console.MarkupLine(Screen.Literal(begins));
        using TrainingRun training = new(options, run, folder);
        training.Begin(start == RunStart.Resumed);
        long begun = training.Steps;
        Show(console, json, training, run, length, cancel);
        if (cancel.IsCancellationRequested && training.Steps == begun) throw new OperationCanceledException(cancel); // nothing to tell of
        RunOutcome outcome = Judge(training, run, cancel);
        Describe(outcome, training, run, device);
        outcome.Files.Add("model.safetensors");
        outcome.Save(CommandLine(training.Steps));
        outcome.Show(json, [.. Notes(training)]);
        if (!json && outcome.Sample is { } sample) console.Write(new Panel(Screen.Literal(sample)).Header("a sample"));
        if (!cancel.IsCancellationRequested) return 0;
        Screen.Warn($"broken off after {training.Steps} steps and not judged; go on with: gpurnn train {task.Name} --resume {Quote(folder.Path)}");
        return Interrupted;
    }

    /// <summary>
    /// Measures and pictures; of a run that was broken off the curve alone: judging takes longer than who broke it off will wait.
    /// </summary>
    RunOutcome Judge(TrainingRun training, TaskRun run, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            training.Finish();
            RunOutcome outcome = Outcome("judged on data that was not trained on");
            Stopwatch judging = Stopwatch.StartNew();
            run.Judge(outcome);
            outcome.Metrics["judging_seconds"] = judging.Elapsed.TotalSeconds;
            LineChart curve = training.Curve.Chart(run.LossUnit, run.Floor);
            outcome.Chart(outcome.Section("Training"), curve, "loss.png");
            return outcome;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            RunOutcome outcome = Outcome("broken off, and not judged");
            outcome.Section("Training").Chart(training.Curve.Chart(run.LossUnit, run.Floor));
            return outcome;
        }

        RunOutcome Outcome(string end) => new(folder, new(
            $"train {task.Name}",
            $"{options.Layers} {options.Cell} layer{(options.Layers == 1 ? "" : "s")} of {options.Hidden} units, "
            + $"{training.Steps} steps on {run.DataName}; {end}."))
        {
            Metrics = { ["task"] = task.Name },
        };
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

    void Describe(RunOutcome outcome, TrainingRun training, TaskRun run, Device device)
    {
        foreach ((string name, object? value) in new (string, object?)[]
        {
            ("data", run.DataName), ("cell", options.Cell), ("hidden", options.Hidden),
            ("layers", options.Layers), ("batch", options.Batch), ("seed", options.Seed),
            ("optimizer", options.Optimizer), ("rate", options.Rate), ("schedule", options.Schedule), ("horizon", options.Horizon), ("options", options.Own),
            ("parameters", run.Parameters.Length), ("device", device.Name), ("steps", training.Steps), ("stopped_early", training.StoppedEarly),
            ("seconds", training.Seconds), (run.SpeedMetric, training.ItemsPerSecond),
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

    IEnumerable<(string Name, string Value)> Notes(TrainingRun training)
    {
        if (training.StoppedEarly) yield return ("stopped", $"after {training.Steps} steps: no improvement in {options.Patience} evaluations");
    }
}
