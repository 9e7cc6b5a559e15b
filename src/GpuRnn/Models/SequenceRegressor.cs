using GpuRnn.Devices;
using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>Shape of a <see cref="SequenceRegressor{E}"/>.</summary>
public sealed record RegressorOptions : SequenceModelOptions
{
    /// <summary>Numbers of an answer.</summary>
    public int Outputs { get; init; } = 1;
    /// <summary>What it learns by: a loss whose targets are values.</summary>
    public Loss Loss { get; init; } = Loss.MeanSquaredError;
}

/// <summary>A model that gives numbers, such as a forecast.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class SequenceRegressor<E> : SequenceModel<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>A regressor with weights of 0.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Its shape.</param>
    /// <exception cref="BadArgumentException">A size is below 1, or the loss takes no values.</exception>
    public SequenceRegressor(Device device, RegressorOptions options)
        : base(device, Checked(options), options.Outputs) => Options = options;

    static RegressorOptions Checked(RegressorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Loss);
        return options.Loss.TakesValues ? options : throw new BadArgumentException(
            $"A regressor learns from values; the loss {options.Loss} takes none. Take a classifier for classes.");
    }

    /// <summary>Its shape.</summary>
    public RegressorOptions Options { get; }

    /// <summary>Plans passes over batches.</summary>
    /// <param name="steps">T, at most.</param>
    /// <param name="sequences">B, at most.</param>
    /// <param name="options">What they are for; null for inference on sequences' ends.</param>
    public RegressorPass<E> Plan(int steps, int sequences, SequencePassOptions? options = null) =>
        new(this, steps, sequences, options ?? new());
}
