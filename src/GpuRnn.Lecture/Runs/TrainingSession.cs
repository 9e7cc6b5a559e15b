using System.Diagnostics;
using System.Globalization;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Runs;

/// <summary>How a run begins: in a folder without one, in place of another, or where another ended.</summary>
public enum RunStart
{
    New,
    Replacing,
    Resumed,
}

/// <summary>
/// `gpurnn train TASK` once its options are settled: opened, it holds device, data, model and folder; then it is trained and finished once,
/// which judges and writes measures, pictures and the report.
/// </summary>
public sealed class TrainingSession : IDisposable
{
    readonly TrainingTask task;
    readonly TrainOptions options;
    readonly RunFolder folder;
    readonly Device device;
    readonly CancellationToken cancel;
    readonly TaskRun run;
    readonly TrainingRun training;
    readonly long begun;
    readonly Stack<IDisposable> held = new();

    /// <param name="task">The task.</param>
    /// <param name="options">What shapes the run.</param>
    /// <param name="folder">Where its files are.</param>
    /// <param name="start">How it begins.</param>
    /// <param name="deviceName">As <see cref="Devices.Device.Open(string?)"/> takes it.</param>
    /// <param name="cancel">Ends whatever goes on soon, training with its checkpoint written.</param>
    /// <exception cref="GpuRnnException">The run cannot be, or the folder holds one that nobody said was to be replaced.</exception>
    public TrainingSession(
        TrainingTask task, TrainOptions options, RunFolder folder, RunStart start, string? deviceName, CancellationToken cancel)
    {
        (this.task, this.options, this.folder, this.cancel) = (task, options, folder, cancel);
        if (start == RunStart.New && folder.HoldsRun)
            throw new GpuRnnException(
                $"'{folder.Path}' holds a run already. Give another folder to --out, "
                + $"--overwrite to replace it, or '{Resuming}' to go on with it.");
        try
        {
            device = Hold(Device.Open(deviceName));
            OptionLimits.Memory(device, options.LeastBytes, $"{options.Layers} x {options.Hidden} units for {options.Batch} sequences");
            run = Hold(task.Open(device, options, cancel));
            Hold(new RunLock(folder));
            training = Hold(new TrainingRun(options, run, folder));
            training.Begin(start == RunStart.Resumed);
        }
        catch
        {
            Dispose();
            throw;
        }
        begun = training.Steps;
    }

    /// <summary>Data, model and device in a line.</summary>
    public string Summary => $"{run.Summary}; {options.Cell} of {options.Hidden}, {run.Parameters.Length:N0} weights; {device.Name}";

    /// <summary>What is counted a second.</summary>
    public string Items => run.Items;

    public long Steps => training.Steps;

    /// <summary>The command that goes on with this run.</summary>
    public string Resuming => $"gpurnn train {task.Name} --resume {Shell.Quote(folder.Path)}";

    /// <summary>Trains, from where the run is to its length.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before its first step: there is nothing to tell of.</exception>
    public void Train(RunLength length, Action<RunProgress> report)
    {
        training.Train(length, report, cancel);
        if (training.Steps == begun) cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Judges, if the run was not broken off, and writes what came of it.</summary>
    public RunOutcome Finish()
    {
        RunOutcome outcome = Judge();
        Describe(outcome);
        outcome.Files.Add("model.safetensors");
        outcome.Save(CommandLine(training.Steps));
        return outcome;
    }

    /// <summary>
    /// Measures and pictures; of a run that was broken off the curve alone: judging takes longer than who broke it off will wait.
    /// </summary>
    RunOutcome Judge()
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

    void Describe(RunOutcome outcome)
    {
        foreach ((string name, object? value) in new (string, object?)[]
        {
            ("data", run.DataName), ("cell", options.Cell), ("hidden", options.Hidden),
            ("layers", options.Layers), ("batch", options.Batch), ("seed", options.Seed),
            ("optimizer", options.Optimizer), ("rate", options.Rate), ("schedule", options.Schedule), ("horizon", options.Horizon),
            ("options", options.Own),
            ("parameters", run.Parameters.Length), ("device", device.Name), ("steps", training.Steps),
            ("stopped_early", training.StoppedEarly),
            ("seconds", training.Seconds), (run.SpeedMetric, training.ItemsPerSecond),
            ("items", run.Items), ("curve", training.Curve.ToJson()),
        })
            outcome.Metrics.TryAdd(name, value);
        outcome.Lines.Add(($"{run.Items} a second", training.ItemsPerSecond.ToString("N0", CultureInfo.InvariantCulture)));
        if (training.StoppedEarly)
            outcome.Lines.Add(("stopped", $"after {training.Steps} steps: no improvement in {options.Patience} evaluations"));
    }

    /// <summary>The command that makes this run again.</summary>
    string CommandLine(long steps)
    {
        TrainOptions defaults = task.Defaults(options.Data is not null);
        List<string> words = [];
        void Say<T>(string name, T value, T otherwise)
        {
            if (!EqualityComparer<T>.Default.Equals(value, otherwise))
                words.Add(string.Create(CultureInfo.InvariantCulture, $"--{name} {value}"));
        }
        Say("data", options.Data is null ? null : Shell.Quote(options.Data), null);
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

    public void Dispose()
    {
        while (held.TryPop(out IDisposable? last)) last.Dispose();
    }

    T Hold<T>(T part) where T : IDisposable
    {
        held.Push(part);
        return part;
    }
}
