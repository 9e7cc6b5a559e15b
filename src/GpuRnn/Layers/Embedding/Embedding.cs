using GpuRnn.Data;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// A table of V rows of D numbers, a row an index: what a network reads instead of one-hot vectors, and shares between its uses.
/// </summary>
/// <remarks>Parameter: PREFIXweight [V, D]. A dense layer whose weights are the table's is tied to it: <see cref="Dense{E}"/>.</remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Embedding<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Declares its table among a model's parameters.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="size">D.</param>
    /// <param name="prefix">What stands before the name of the parameter.</param>
    public Embedding(Parameters<E> parameters, int vocabulary, int size, string prefix = "embedding.")
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (vocabulary < 1 || size < 1)
            throw new BadArgumentException($"An embedding of {vocabulary} indices in {size} numbers cannot be: both are at least 1.");
        (Parameters, Vocabulary, Size) = (parameters, vocabulary, size);
        Weight = parameters.Declare(prefix + "weight", vocabulary, size);
        parameters.Describe($"{prefix}embedding");
    }

    /// <summary>The model's parameters.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>V.</summary>
    public int Vocabulary { get; }
    /// <summary>D.</summary>
    public int Size { get; }
    /// <summary>[V, D].</summary>
    public Parameter Weight { get; }

    /// <summary>Fills the table with normal numbers of a deviation.</summary>
    /// <param name="seed">The same seed, the same numbers.</param>
    /// <param name="deviation">1, as PyTorch's Embedding, or about 1 / sqrt(D) where the table is an output's too.</param>
    public void Initialize(int seed, double deviation = 1)
    {
        using Guard.Scope scope = Parameters.Guard.Enter();
        Limits.NotNegative(deviation, "The deviation of first weights");
        SplitMix random = new((ulong)seed * 1_000_003 + (ulong)Weight.Offset);
        E[] table = new E[Weight.Length];
        for (int i = 0; i < table.Length; i++) table[i] = Element.Of<E>(deviation * random.Normal());
        Parameters.Set(Weight.Name, table);
    }

    /// <summary>Plans it in front of a pass whose network reads D numbers a step.</summary>
    /// <param name="pass">Whose input it writes.</param>
    public EmbeddingPass<E> Plan(Pass<E> pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using Guard.Scope scope = pass.Guard.Enter();
        Parameters.Guard.ThrowIfDisposed();
        if (pass.Device != Parameters.Device) throw new BadArgumentException("The embedding and the pass are on different devices.");
        return new(this, pass);
    }
}
