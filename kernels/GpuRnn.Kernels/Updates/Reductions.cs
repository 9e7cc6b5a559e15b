using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Updates;

/// <summary>How the elements of an array become one number. Partial results merge in any grouping, in a fixed order.</summary>
/// <typeparam name="L">The lane.</typeparam>
interface IReduction<L> where L : struct, ILane<L>
{
    /// <summary>The result so far with one more element; it starts as 0.</summary>
    static abstract L Add(L total, L value);

    /// <summary>Two results as one.</summary>
    static abstract L Merge(L total, L other);

    /// <summary>The result, once all are merged.</summary>
    static abstract L Finish(L total);
}

/// <summary>The Euclidean norm.</summary>
/// <typeparam name="L">The lane.</typeparam>
struct EuclideanNorm<L> : IReduction<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static L Add(L total, L value) => L.Fma(value, value, total);
    /// <inheritdoc/>
    public static L Merge(L total, L other) => total + other;
    /// <inheritdoc/>
    public static L Finish(L total) => L.Sqrt(total);
}

/// <summary>The largest magnitude; not a number if an element is infinite or not a number.</summary>
/// <typeparam name="L">The lane.</typeparam>
struct InfinityNorm<L> : IReduction<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static L Add(L total, L value)
    {
        L size = L.WherePositive(value, value, L.Splat(0) - value);
        return Merge(total, size) + (value - value); // comparisons lose what is not a number, differences keep it
    }

    /// <inheritdoc/>
    public static L Merge(L total, L other) => L.WherePositive(other - total, other, total) + (other - other);
    /// <inheritdoc/>
    public static L Finish(L total) => total;
}
