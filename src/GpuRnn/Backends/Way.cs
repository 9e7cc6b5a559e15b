using GpuRnn.Devices;
using GpuRnn.Layers;

namespace GpuRnn.Backends;

/// <summary>A batch, as a way of running sees it.</summary>
/// <param name="Steps">T.</param>
/// <param name="Sequences">B.</param>
/// <param name="Training">Does a backward pass follow?</param>
/// <param name="Wanted">How the program wants its work shared; null for the best way.</param>
readonly record struct BatchShape(int Steps, int Sequences, bool Training = false, WorkSharing? Wanted = null);

/// <summary>A planned pass: what a way needs memory for.</summary>
/// <param name="Steps">T, at most.</param>
/// <param name="Sequences">B, at most.</param>
/// <param name="Training">Is a backward pass to follow?</param>
/// <param name="Segment">Steps whose gates are kept at a time in training.</param>
readonly record struct PassShape(int Steps, int Sequences, bool Training, int Segment);

/// <summary>How a batch runs.</summary>
/// <param name="Program">The launches.</param>
/// <param name="Workers">Workers that share the pass.</param>
/// <param name="Owners">Workers, or groups of them, that sequences are shared out to by their lengths.</param>
/// <param name="Chunk">Steps after which the backward pass makes dx.</param>
/// <param name="Projected">Steps whose gate rows are kept in inference, and whose input products are made at once by ways that do
/// so.</param>
/// <param name="Slices">Slices of gate rows whose part of the parameters' gradients is summed on its own.</param>
readonly record struct LayerPlan<E>(LayerProgram<E> Program, int Workers, int Owners, int Chunk, int Projected, int Slices = 1)
    where E : unmanaged, IFloatingPointIeee754<E>;

/// <summary>
/// One way of running a layer, in a file of its own: whether it can run it, in what time, the memory that it takes, and its launches.
/// </summary>
abstract class Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Who owns what.</summary>
    public abstract Strategy Strategy { get; }

    /// <summary>Why the layer cannot run this way; null if it can.</summary>
    public virtual string? Refusal => null;

    /// <summary>
    /// The time of a pass by prediction, in units in which all ways of a backend count; infinite where a batch can't run this way. The
    /// least is taken.
    /// </summary>
    public abstract double Time(BatchShape batch);

    /// <summary>The ways of sharing work that the time is the least of, on a CPU.</summary>
    public virtual IEnumerable<SharingTime> Candidates(BatchShape batch) => [];

    /// <summary>Units of a panel.</summary>
    public abstract int Width { get; }

    /// <summary>Ways whose packed weights are the same have the same.</summary>
    public abstract object Packing { get; }

    /// <summary>Packed weights, a stage each.</summary>
    public abstract PackedSizes[] PackedSizes { get; }

    /// <summary>Elements of working memory.</summary>
    public abstract WorkSizes WorkSizes(PassShape pass);

    /// <summary>What must have been seen on the device before a batch runs this way; null where nothing must.</summary>
    public virtual Proof? Proof(BatchShape batch) => null;

    /// <summary>How a batch runs. The same shape gets the same program.</summary>
    public abstract LayerPlan<E> Plan(BatchShape batch);

    /// <summary>Why it was chosen and how it runs, in one line.</summary>
    public abstract string Describe(BatchShape batch, bool training);
}

/// <summary>Kernels that are compared with the portable ones when a device first uses them.</summary>
/// <param name="Key">The same code, the same key.</param>
/// <param name="Name">What they are, in words.</param>
/// <param name="Sequences">A small batch that runs them.</param>
sealed record Proof(string Key, string Name, int Sequences);

/// <summary>
/// A stage's packed weights, of matrices in bytes, of biases and parameters of units in elements: see
/// <see cref="Kernels.Recurrent.StageArguments{E}"/>. The last two are for training.
/// </summary>
readonly record struct PackedSizes(long Input, long Hidden, long Bias, long Unit, long InputBack, long HiddenBack);

/// <summary>Elements of a layer's working memory.</summary>
/// <param name="PanelStride">Elements between panels of gates, a slot.</param>
/// <param name="Cs">c of every step.</param>
/// <param name="Rows">Where gate rows are.</param>
/// <param name="ScratchStride">Scratch memory of a worker.</param>
/// <param name="Scratch">Of all workers.</param>
/// <param name="Stages">Of the stages.</param>
sealed record WorkSizes(int PanelStride, long Cs, long Rows, int ScratchStride, long Scratch, StageSizes[] Stages)
{
    /// <summary>Room for either.</summary>
    public WorkSizes Or(WorkSizes other) => new(
        Math.Max(PanelStride, other.PanelStride), Math.Max(Cs, other.Cs), Math.Max(Rows, other.Rows),
        Math.Max(ScratchStride, other.ScratchStride), Math.Max(Scratch, other.Scratch), [.. Stages.Zip(other.Stages, (a, b) => a.Or(b))]);
}

/// <summary>
/// A stage's working memory, of gates in bytes, of all else in elements: see <see cref="Kernels.Recurrent.StageArguments{E}"/>.
/// </summary>
readonly record struct StageSizes(
    long Gates, long Sums, long Statistics, long Made, long DMade, long DInput, long DHidden, long DBias, long DUnit)
{
    public StageSizes Or(StageSizes other) => new(
        Math.Max(Gates, other.Gates), Math.Max(Sums, other.Sums), Math.Max(Statistics, other.Statistics),
        Math.Max(Made, other.Made), Math.Max(DMade, other.DMade),
        Math.Max(DInput, other.DInput), Math.Max(DHidden, other.DHidden), Math.Max(DBias, other.DBias), Math.Max(DUnit, other.DUnit));
}
