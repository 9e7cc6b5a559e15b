using GpuRnn.Devices;
using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>Shape of a <see cref="SequenceRegressor{E}"/>.</summary>
public sealed record RegressorOptions
{
    /// <summary>I: numbers a step, or how many indices there are.</summary>
    public required int InputSize { get; init; }
    /// <summary>Numbers of an answer.</summary>
    public int Outputs { get; init; } = 1;
    /// <summary>H.</summary>
    public int Hidden { get; init; } = 128;
    /// <summary>Layers.</summary>
    public int Layers { get; init; } = 1;
    /// <summary>The cell.</summary>
    public Cell Cell { get; init; } = Cell.Lstm;
    /// <summary>Are steps indices, such as words, rather than rows of numbers?</summary>
    public bool IndexInput { get; init; }
    /// <summary>What it learns by: a loss whose targets are values.</summary>
    public Loss Loss { get; init; } = Loss.MeanSquaredError;
}

/// <summary>
/// Numbers from sequences, such as a forecast: recurrent layers, and a dense layer that reads the last step of each sequence, or every
/// step.
/// </summary>
/// <remarks>Parameters: those of <see cref="Recurrent{E}"/>, and decoder.weight [outputs, H], decoder.bias [outputs].</remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class SequenceRegressor<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Guard guard;

    /// <summary>A regressor with weights of 0.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Its shape.</param>
    /// <exception cref="BadArgumentException">A size is below 1, or the loss takes no values.</exception>
    public SequenceRegressor(Device device, RegressorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Loss.TakesValues)
            throw new BadArgumentException(
                $"A regressor learns from values; the loss {options.Loss} takes none. Take a classifier for classes.");
        Options = options;
        Parameters = new(device);
        guard = new(this, Parameters.Usage);
        RecurrentOptions layers = new() { Layers = options.Layers, IndexInput = options.IndexInput };
        Network = new(Parameters, options.Cell, options.InputSize, options.Hidden, layers);
        Head = new(Parameters, options.Hidden, options.Outputs);
    }

    /// <summary>Its shape.</summary>
    public RegressorOptions Options { get; }
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
    public RegressorPass<E> Plan(int steps, int sequences, SequencePassOptions? options = null) =>
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
