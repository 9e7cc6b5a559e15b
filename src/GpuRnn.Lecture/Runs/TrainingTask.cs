using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Runs;

/// <summary>
/// A task of `gpurnn train`: what it is called, what it starts from, and how a run
/// of it is opened. A new task is a new folder and a line in <see cref="TaskCatalog"/>.
/// </summary>
public abstract class TrainingTask
{
    public abstract string Name { get; }
    /// <summary>One line for --help.</summary>
    public abstract string Description { get; }
    /// <summary>What --data takes, and what is there without it.</summary>
    public abstract string DataDescription { get; }
    public virtual IReadOnlyList<OwnOption> Options => [];

    /// <summary>Options where none are given, with a value for each of the task's own.</summary>
    public abstract TrainOptions Defaults(bool ownData);

    /// <summary>Loads the data and makes the model, not yet initialised.</summary>
    /// <param name="device">Where it is trained.</param>
    /// <param name="options">What shapes the run.</param>
    /// <param name="cancel">Ends this, and whatever takes long in the run but its steps, soon.</param>
    public abstract TaskRun Open(Device device, TrainOptions options, CancellationToken cancel = default);
}

/// <summary>
/// A task's data and model, while it is trained and judged. What is done around
/// it - steps, checkpoints, curves, reports - is <see cref="TrainingRun"/>'s.
/// </summary>
public abstract class TaskRun : IDisposable
{
    /// <summary>Ends validation and judging soon, by an OperationCanceledException.</summary>
    public CancellationToken Cancel { get; init; }
    /// <summary>The data in a few words.</summary>
    public abstract string DataName { get; }
    /// <summary>Tells data apart when a run goes on.</summary>
    public abstract string DataHash { get; }
    /// <summary>What the data is, in a line: sizes, of what.</summary>
    public abstract string Summary { get; }
    /// <summary>Of the loss, such as "nats a character".</summary>
    public abstract string LossUnit { get; }
    /// <summary>What no model can be below, if that is known, and what it is called.</summary>
    public virtual (string Name, double Value)? Floor => null;
    /// <summary>What a batch is counted in, such as "characters".</summary>
    public abstract string Items { get; }
    /// <summary>What metrics.json calls their number a second.</summary>
    public virtual string SpeedMetric => "items_per_second";
    public abstract Parameters<float> Parameters { get; }

    public abstract void Initialize();

    /// <summary>Batches from a number on will be wanted.</summary>
    public abstract void Begin(long batch);

    /// <summary>
    /// Forward and backward pass of a step's batches. Returns the mean loss over their rows, and how many items they had.
    /// </summary>
    /// <param name="step">The step, for dropout.</param>
    public abstract (double Loss, int Items) Step(long step);

    /// <summary>The loss on data that is watched, and nothing of the training's state is touched.</summary>
    public abstract double Validate();

    /// <summary>What the run carries from step to step beside weights and optimizer.</summary>
    public virtual IEnumerable<KeptArray<float>> Keep() => [];
    public virtual void Restore(IReadOnlyList<KeptArray<float>> kept) { }

    /// <summary>Writes what belongs beside the model, such as a vocabulary.</summary>
    public virtual void SaveBeside(string folder) { }

    /// <summary>Judges the trained model on data that it has not seen.</summary>
    public abstract void Judge(RunOutcome outcome);

    public abstract void Dispose();
}
