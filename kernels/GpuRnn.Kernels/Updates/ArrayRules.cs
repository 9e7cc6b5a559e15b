using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Updates;

/// <summary>value += gradient. No numbers.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
struct AddRule<E, L> : IUpdateRule<AddRule<E, L>, E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <inheritdoc/>
    public static int States => 0;

    /// <inheritdoc/>
    public static AddRule<E, L> With(ReadOnlySpan<E> numbers) => default;

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second) => value += gradient;
}

/// <summary>
/// value = gradient clamped to [-limit, limit]; what is not finite becomes NaN, for it must not pass as a clipped gradient. Numbers: limit.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
struct ClampRule<E, L> : IUpdateRule<ClampRule<E, L>, E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>The largest magnitude that stays.</summary>
    public E Limit;

    /// <inheritdoc/>
    public static int States => 0;

    /// <inheritdoc/>
    public static ClampRule<E, L> With(ReadOnlySpan<E> numbers) => new() { Limit = numbers[0] };

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        L limit = L.Of(Limit), below = L.Splat(0) - limit;
        value = L.WherePositive(gradient - limit, limit, L.WherePositive(below - gradient, below, gradient)) + (gradient - gradient);
    }
}
