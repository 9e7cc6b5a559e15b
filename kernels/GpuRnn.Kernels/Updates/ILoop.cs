using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Updates;

/// <summary>
/// How a device goes through arrays. Every element is computed alone, so results do not depend on how the work is shared.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
interface ILoop<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>
    /// Applies a rule to all elements, with the rule's states. control: [0] what gradients are multiplied by, [1] 1, or 0 if nothing may
    /// change; empty for 1 and 1.
    /// </summary>
    static abstract void Update<TRule>(
        TRule rule, ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> first, ArrayView<E> second, ArrayView<E> control)
        where TRule : struct, IUpdateRule<TRule, E, L>;

    /// <summary>
    /// A reduction of every block of <see cref="Reduction.Block"/> elements, each in a fixed order.
    /// </summary>
    static abstract void Partial<TReduction>(ArrayView<E> values, ArrayView<E> partial) where TReduction : struct, IReduction<L>;
}

/// <summary>An update that a non-finite gradient norm holds back.</summary>
static class GuardedUpdate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<E, L, TRule>(TRule rule, L allowed, ref L value, L gradient, ref L first, ref L second)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TRule : struct, IUpdateRule<TRule, E, L>
    {
        L x = value, p = first, q = second;
        rule.Apply(ref x, gradient, ref p, ref q);
        value = L.WherePositive(allowed, x, value);
        first = L.WherePositive(allowed, p, first);
        second = L.WherePositive(allowed, q, second);
    }
}

/// <summary>Reductions have a fixed order, whatever the device does in parallel: blocks of a fixed size, then the blocks in turn.</summary>
static class Reduction
{
    /// <summary>Elements a block.</summary>
    public const int Block = 4096;
}
