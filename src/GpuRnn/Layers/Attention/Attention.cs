using GpuRnn.Data;

namespace GpuRnn.Layers;

/// <summary>How attention scores a step of the encoder for a step of the decoder.</summary>
public enum AttentionKind
{
    /// <summary>
    /// h . y / sqrt(H), no parameters (Luong, Pham and Manning 2015; scaled as in Vaswani et al. 2017). Both sizes are the same.
    /// </summary>
    Dot,
    /// <summary>v . tanh(W_q h + W_k y + b) (Bahdanau, Cho and Bengio 2015).</summary>
    Additive,
}

/// <summary>
/// Attention of a decoder's steps to an encoder's: at each step the mean of the encoder's outputs under the softmax of scores, beside
/// h. A part of a model.
/// </summary>
/// <remarks>Parameters of additive attention: PREFIXquery.weight [A, H], PREFIXkey.weight [A, V], PREFIXkey.bias [A], PREFIXvector
/// [A].</remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Attention<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Declares its parameters among a model's.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="kind">How it scores.</param>
    /// <param name="hiddenSize">H, elements of the decoder's output.</param>
    /// <param name="valueSize">V, elements of the encoder's output.</param>
    /// <param name="size">A, elements of queries and keys of additive attention; 0 for H.</param>
    /// <param name="prefix">What stands before the names of parameters.</param>
    /// <exception cref="BadArgumentException">A size is below 1, a dot of two sizes, or no such kind.</exception>
    public Attention(Parameters<E> parameters, AttentionKind kind, int hiddenSize, int valueSize, int size = 0,
        string prefix = "attention.")
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (Parameters, Kind, HiddenSize, ValueSize) = (parameters, kind, hiddenSize, valueSize);
        Scoring = Scoring.Of(kind);
        if (hiddenSize < 1 || valueSize < 1 || size < 0)
            throw new BadArgumentException(
                $"Attention of {hiddenSize} numbers to {valueSize} with {size} cannot be: at least 1 (0 of the last for the first).");
        Guard = new(this, parameters.Usage, parameters.Guard);
        using Guard.Scope scope = Guard.Enter();
        using Draft draft = parameters.Begin(Free);
        if (!Scoring.Projects && hiddenSize != valueSize)
            throw new BadArgumentException(
                $"Dot attention needs both sides of one size: the decoder's is {hiddenSize}, the encoder's {valueSize}. "
                + $"Take additive attention.");
        if (Scoring.Projects)
        {
            size = size == 0 ? hiddenSize : size;
            Query = new(parameters, hiddenSize, size, bias: false, prefix: prefix + "query.");
            Key = new(parameters, valueSize, size, prefix: prefix + "key.");
            Vector = parameters.Declare(prefix + "vector", size);
        }
        parameters.Describe($"{prefix}{kind}");
        draft.Keep();
    }

    /// <summary>The model's parameters.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>How it scores.</summary>
    public AttentionKind Kind { get; }
    /// <summary>H.</summary>
    public int HiddenSize { get; }
    /// <summary>V.</summary>
    public int ValueSize { get; }
    internal Scoring Scoring { get; }
    internal Guard Guard { get; }
    internal Dense<E>? Query { get; }
    internal Dense<E>? Key { get; }
    internal Parameter? Vector { get; }

    /// <summary>Fills the parameters with uniform numbers, as PyTorch's Linear does.</summary>
    /// <param name="seed">The same seed, the same numbers.</param>
    public void Initialize(int seed)
    {
        using Guard.Scope scope = Guard.Enter();
        Query?.Initialize(seed);
        Key?.Initialize(seed);
        if (Vector is not null) Initializer.Uniform(Parameters, Vector, 1 / Math.Sqrt(Vector.Length), seed);
    }

    /// <summary>Plans it between two passes; arrays are [T, B, ...].</summary>
    /// <param name="decoder">Whose steps look.</param>
    /// <param name="encoder">What they look at.</param>
    public AttentionPass<E> Plan(Source<E> decoder, Source<E> encoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(encoder);
        using Guard.Scope scope = Guard.Enter();
        decoder.Guard.ThrowIfDisposed();
        encoder.Guard.ThrowIfDisposed();
        if (decoder.Device != Parameters.Device || encoder.Device != Parameters.Device)
            throw new BadArgumentException("Attention, decoder and encoder are on different devices.");
        return new(this, decoder, encoder);
    }

    /// <summary>Frees the packed weights.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => Guard.Close(Free);

    void Free()
    {
        Query?.Dispose();
        Key?.Dispose();
    }
}
