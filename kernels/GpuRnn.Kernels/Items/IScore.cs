using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Items;

/// <summary>How well a query and a key go together: the sum over elements of <see cref="Value"/>.</summary>
/// <typeparam name="L">The lane.</typeparam>
interface IScore<L> where L : struct, ILane<L>
{
    /// <summary>Does it read a vector v?</summary>
    static abstract bool HasVector { get; }
    /// <summary>What an element adds to the score.</summary>
    static abstract L Value(L query, L key, L vector);
    /// <summary>Its derivative by the query's element.</summary>
    static abstract L QuerySlope(L query, L key, L vector);
    /// <summary>Its derivative by the key's element.</summary>
    static abstract L KeySlope(L query, L key, L vector);
}

/// <summary>q . k (Luong, Pham and Manning 2015, section 3.1).</summary>
/// <typeparam name="L">The lane.</typeparam>
struct DotScore<L> : IScore<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static bool HasVector => false;
    /// <inheritdoc/>
    public static L Value(L query, L key, L vector) => query * key;
    /// <inheritdoc/>
    public static L QuerySlope(L query, L key, L vector) => key;
    /// <inheritdoc/>
    public static L KeySlope(L query, L key, L vector) => query;
}

/// <summary>v . tanh(q + k) (Bahdanau, Cho and Bengio 2015, appendix A.1.2).</summary>
/// <typeparam name="L">The lane.</typeparam>
struct AdditiveScore<L> : IScore<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static bool HasVector => true;
    /// <inheritdoc/>
    public static L Value(L query, L key, L vector) => vector * L.Tanh(query + key);

    /// <inheritdoc/>
    public static L QuerySlope(L query, L key, L vector)
    {
        L t = L.Tanh(query + key);
        return vector * (L.Splat(1) - t * t);
    }

    /// <inheritdoc/>
    public static L KeySlope(L query, L key, L vector) => QuerySlope(query, key, vector);
}
