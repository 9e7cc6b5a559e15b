using GpuRnn.Devices;

namespace GpuRnn.Models;

/// <summary>Shape of a <see cref="SequenceClassifier{E}"/>.</summary>
public sealed record ClassifierOptions : SequenceModelOptions
{
    /// <summary>Classes.</summary>
    public required int Classes { get; init; }
}

/// <summary>A model that gives the probabilities of classes.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class SequenceClassifier<E> : SequenceModel<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>A classifier with weights of 0.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Its shape.</param>
    /// <exception cref="BadArgumentException">A size is below 1, or there are less than two classes.</exception>
    public SequenceClassifier(Device device, ClassifierOptions options)
        : base(device, Checked(options), options.Classes) => Options = options;

    static ClassifierOptions Checked(ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Classes >= 2 ? options
            : throw new BadArgumentException($"A classifier of {options.Classes} classes has nothing to choose: at least 2.");
    }

    /// <summary>Its shape.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>Plans passes over batches.</summary>
    /// <param name="steps">T, at most.</param>
    /// <param name="sequences">B, at most.</param>
    /// <param name="options">What they are for; null for inference on sequences' ends.</param>
    public ClassifierPass<E> Plan(int steps, int sequences, SequencePassOptions? options = null) =>
        new(this, steps, sequences, options ?? new());
}
