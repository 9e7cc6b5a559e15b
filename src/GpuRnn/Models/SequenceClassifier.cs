using GpuRnn.Devices;
using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>Shape of a <see cref="SequenceClassifier{E}"/>.</summary>
public sealed record ClassifierOptions
{
    /// <summary>I: numbers a step, or how many indices there are.</summary>
    public required int InputSize { get; init; }
    /// <summary>Classes.</summary>
    public required int Classes { get; init; }
    /// <summary>H.</summary>
    public int Hidden { get; init; } = 128;
    /// <summary>Layers.</summary>
    public int Layers { get; init; } = 1;
    /// <summary>The cell.</summary>
    public Cell Cell { get; init; } = Cell.Lstm;
    /// <summary>Are steps indices, such as words, rather than rows of numbers?</summary>
    public bool IndexInput { get; init; }
}

/// <summary>
/// Many-to-one, or one-to-one where sequences have one step: recurrent layers, and a dense layer that reads the last step of each sequence
/// and gives the probabilities of classes.
/// </summary>
/// <remarks>Parameters: those of <see cref="Recurrent{E}"/>, and decoder.weight [classes, H], decoder.bias [classes].</remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class SequenceClassifier<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Guard guard;

    /// <summary>A classifier with weights of 0.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Its shape.</param>
    public SequenceClassifier(Device device, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Classes < 2)
            throw new BadArgumentException($"A classifier of {options.Classes} classes has nothing to choose: at least 2.");
        Options = options;
        Parameters = new(device);
        guard = new(this, Parameters.Usage);
        Network = new(Parameters, options.Cell, options.InputSize, options.Hidden,
            new() { Layers = options.Layers, IndexInput = options.IndexInput });
        Head = new(Parameters, options.Hidden, options.Classes);
    }

    /// <summary>Its shape.</summary>
    public ClassifierOptions Options { get; }
    /// <summary>All weights.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>The recurrent layers.</summary>
    public Recurrent<E> Network { get; }
    /// <summary>The dense layer.</summary>
    public Dense<E> Head { get; }

    /// <summary>First weights, as PyTorch's.</summary>
    /// <param name="seed">The same seed, the same weights.</param>
    /// <param name="memory">Steps that the longest dependency spans: see <see cref="Recurrent{E}.Initialize"/>.</param>
    public void Initialize(int seed, int memory = 0)
    {
        using Guard.Scope scope = guard.Enter();
        Network.Initialize(seed, memory);
        Head.Initialize(seed);
    }

    /// <summary>Plans passes over batches.</summary>
    /// <param name="steps">T, at most.</param>
    /// <param name="sequences">B, at most.</param>
    /// <param name="options">What they are for; null for inference on sequences' ends.</param>
    public ClassifierPass<E> Plan(int steps, int sequences, SequencePassOptions? options = null) =>
        new(this, steps, sequences, options ?? new());

    /// <summary>Frees the weights.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(() =>
    {
        Head.Dispose();
        Network.Dispose();
        Parameters.Dispose();
    });
}
