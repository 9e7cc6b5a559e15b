using GpuRnn.Devices;
using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>Shape of a <see cref="SequenceModel{E}"/>, but for what it answers.</summary>
public abstract record SequenceModelOptions
{
    private protected SequenceModelOptions() { }

    /// <summary>I: numbers a step, or how many indices there are.</summary>
    public required int InputSize { get; init; }
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
/// Many-to-one, one-to-one where sequences have one step, or an answer at every step: recurrent layers, and a dense layer that reads what
/// they say at the last step of each sequence, or at every one.
/// </summary>
/// <remarks>Parameters: those of <see cref="Recurrent{E}"/>, and decoder.weight [outputs, H], decoder.bias [outputs].</remarks>
/// <typeparam name="E">float or double.</typeparam>
public abstract class SequenceModel<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Guard guard;

    private protected SequenceModel(Device device, SequenceModelOptions options, int outputs)
    {
        Parameters = new(device);
        guard = new(this, Parameters.Usage);
        using Draft draft = Parameters.Begin(Free);
        RecurrentOptions layers = new() { Layers = options.Layers, IndexInput = options.IndexInput };
        Network = new(Parameters, options.Cell, options.InputSize, options.Hidden, layers);
        Head = new(Parameters, options.Hidden, outputs);
        draft.Keep();
    }

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

    /// <summary>Frees the weights.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(Free);

    void Free()
    {
        Head?.Dispose();
        Network?.Dispose();
        Parameters.Dispose();
    }
}
