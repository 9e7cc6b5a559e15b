using System.Diagnostics;
using System.Globalization;
using GpuRnn.Interop;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Runs;

/// <summary>How long a run lasts: total steps, or minutes.</summary>
public readonly record struct RunLength(int? Steps, double? Minutes);

/// <summary>What a run shows while it goes on.</summary>
public readonly record struct RunProgress(double Share, long Step, double Loss, double ItemsPerSecond, TimeSpan Left);

/// <summary>
/// A run of any task, from its first step to its last: optimizer and schedule, validation at fixed steps, checkpoints, early stopping.
/// All of it is a function of options and step alone, so a run that was broken off and goes on writes the bytes of one that was not.
/// </summary>
sealed class TrainingRun : IDisposable
{
    const int CurveEvery = 20, Evaluations = 20;

    readonly TrainOptions options;
    readonly TaskRun task;
    readonly RunFolder folder;
    readonly Optimizer<float> optimizer;
    readonly Schedule schedule;
    readonly EarlyStopping watch;
    readonly int evaluateEvery;
    float[]? best;
    double before, smooth = double.NaN;
    bool dirty, lookDue;
    bool ours; // are the files in the folder of this run?

    public TrainingRun(TrainOptions options, TaskRun task, RunFolder folder)
    {
        (this.options, this.task, this.folder) = (options, task, folder);
        optimizer = OptimizerChoice.Make(task.Parameters, options);
        schedule = Schedule.Named(options.Schedule);
        watch = new(options.Patience);
        evaluateEvery = Math.Max(CurveEvery, options.Horizon / Evaluations / CurveEvery * CurveEvery);
    }

    /// <summary>What a kill may cost.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromSeconds(30);
    public long Steps { get; private set; }
    public double Seconds => before + Clock.Elapsed.TotalSeconds;
    public double ItemsPerSecond { get; private set; }
    public bool StoppedEarly { get; private set; }
    public Curve Curve { get; private set; } = new();
    Stopwatch Clock { get; } = new();

    /// <summary>Starts anew, or goes on from the folder's checkpoint. Writes nothing.</summary>
    public void Begin(bool resume)
    {
        ours = resume;
        if (!resume)
        {
            task.Initialize();
            task.Begin(0);
            return;
        }
        IReadOnlyDictionary<string, string> metadata = Checkpoint.Metadata(folder.Checkpoint);
        if (metadata.GetValueOrDefault("data_hash") != task.DataHash)
            throw new GpuRnnException($"'{folder.Path}' was trained on other data than '{task.DataName}' is now.");
        if (!long.TryParse(metadata.GetValueOrDefault("steps"), CultureInfo.InvariantCulture, out long steps) || steps < 0)
            throw new GpuRnnException($"'{folder.Checkpoint}' does not say how many steps were taken.");
        List<KeptArray<float>> kept = [.. Checkpoint.Load(folder.Checkpoint, optimizer)];
        if (kept.Find(k => k.Name == "best") is { } weights) best = weights.Data;
        if (kept.Find(k => k.Name == "watch") is { Data: [var high, var low, var since, .. var due] })
        {
            watch.Restore((double)high + low, (int)since);
            lookDue = due is [1];
        }
        if (kept.Find(k => k.Name == "smooth") is { Data: [var value] }) smooth = value;
        task.Restore(kept);
        Steps = steps;
        (Curve, before) = Curve.Read(folder.Curve, metadata, steps);
        task.Begin(steps * options.Accumulate);
    }

    /// <summary>Trains; a cancelled run ends after its step, with its checkpoint written.</summary>
    public void Train(RunLength length, Action<RunProgress> report, CancellationToken cancel)
    {
        if (Steps > length.Steps)
            throw new GpuRnnException($"'{folder.Path}' has taken {Steps} steps already; --steps is the total and must be at least that.");
        if (ours) Publish();
        long begun = Steps, items = 0;
        TimeSpan training = TimeSpan.Zero;
        Stopwatch saved = Stopwatch.StartNew();
        Clock.Start();
        try
        {
            if (lookDue) Look();
            while (!watch.Enough && (length.Steps is int all ? Steps < all : Steps == begun || Clock.Elapsed.TotalMinutes < length.Minutes))
            {
                cancel.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                items += Step();
                training += Stopwatch.GetElapsedTime(start);
                if (Steps % CurveEvery == 0)
                {
                    lookDue = Steps % evaluateEvery == 0;
                    Look();
                }
                if (saved.Elapsed > SaveEvery)
                {
                    Save();
                    saved.Restart();
                }
                ItemsPerSecond = items / training.TotalSeconds;
                double share = length.Steps is int s
                    ? (double)(Steps - begun) / Math.Max(1, s - begun)
                    : Math.Min(1, Clock.Elapsed.TotalMinutes / length.Minutes!.Value);
                report(new(share, Steps, smooth, ItemsPerSecond, share > 0 ? Clock.Elapsed * ((1 - share) / share) : TimeSpan.Zero));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // what was learned until now is kept
        }
        Clock.Stop();
        StoppedEarly = watch.Enough;
        Save();
    }

    /// <summary>Ends a run that was not cancelled: what is judged is what was best.</summary>
    public void Finish()
    {
        if (options.Patience > 0 && best is not null) task.Parameters.SetAll(best);
        Note(task.Validate());
    }

    /// <summary>One step. Returns its items.</summary>
    int Step()
    {
        (double loss, int items) = task.Step(Steps);
        optimizer.Rate = options.Rate * schedule.Factor(Steps, options.Horizon);
        optimizer.Step();
        Steps++;
        dirty = true;
        // rounded to what a checkpoint keeps, so that it goes on the same
        smooth = (float)(double.IsNaN(smooth) ? loss : smooth + (loss - smooth) * 0.05);
        return items;
    }

    /// <summary>
    /// A point of the curve, with validation if it is due. If that is cancelled it stays due, and a run that goes on begins with it.
    /// </summary>
    void Look()
    {
        double? validation = lookDue ? task.Validate() : null;
        if (validation is double value && watch.Improved(value)) best = task.Parameters.GetAll();
        (lookDue, dirty) = (false, true);
        Note(validation);
    }

    void Note(double? validation) => Curve.Add(new(Steps, Seconds, double.IsNaN(smooth) ? validation ?? 0 : smooth, validation));

    Dictionary<string, string> Metadata => options.ToMetadata(task.DataHash, Steps);

    /// <summary>
    /// Writes all that is needed to go on, if anything has happened. The checkpoint is the one commit: the curve before it knows as
    /// much at least, the files after it follow from it, and a run that goes on makes them again.
    /// </summary>
    void Save()
    {
        if (!dirty) return;
        Curve.Save(folder.Curve, Metadata, Steps, Seconds);
        // a double as two floats: files hold floats
        float high = (float)watch.Best, low = float.IsFinite(high) ? (float)(watch.Best - high) : 0;
        List<KeptArray<float>> kept = [.. task.Keep(), new("watch", [high, low, watch.Since, lookDue ? 1 : 0])];
        if (!double.IsNaN(smooth)) kept.Add(new("smooth", [(float)smooth]));
        if (best is not null) kept.Add(new("best", best));
        Checkpoint.Save(folder.Checkpoint, optimizer, Metadata, kept);
        if (!ours) folder.RemoveResults();
        ours = true;
        Publish();
        dirty = false;
    }

    /// <summary>Writes what follows from the checkpoint: the model, the best one, and what belongs beside them.</summary>
    void Publish()
    {
        task.SaveBeside(folder.Path);
        ModelFile.Save(folder.Model, task.Parameters, Metadata);
        if (best is null)
        {
            File.Delete(folder.Best); // of a run that this one replaced and that was killed at that moment
            return;
        }
        float[] now = task.Parameters.GetAll();
        task.Parameters.SetAll(best);
        try
        {
            ModelFile.Save(folder.Best, task.Parameters, Metadata);
        }
        finally
        {
            task.Parameters.SetAll(now); // a full disk must not leave the run with other weights
        }
    }

    public void Dispose() => optimizer.Dispose();
}
