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
    /// <summary>Applies a rule to all elements, with the rule's states.</summary>
    static abstract void Update<TRule>(in UpdateArguments<E, TRule> a) where TRule : struct, IUpdateRule<TRule, E, L>;

    /// <summary>
    /// A reduction of every block of <see cref="Reduction.Block"/> elements, each in a fixed order.
    /// </summary>
    static abstract void Partial<TReduction>(in NormArguments<E> a) where TReduction : struct, IReduction<L>;
}

/// <summary>What a rule updates.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
struct UpdateArguments<E, TRule> where E : unmanaged, IFloatingPointIeee754<E> where TRule : struct
{
    /// <summary>The rule with its numbers.</summary>
    public TRule Rule;
    /// <summary>What is updated, by what, and the rule's states, as far as it has any.</summary>
    public ArrayView<E> Value, Gradient, First, Second;
    /// <summary>[0] What gradients are multiplied by, [1] 1, or 0 if nothing may change; empty for 1 and 1.</summary>
    public ArrayView<E> Control;
}

/// <summary>A norm, in two launches.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct NormArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>What the norm is of, and the results of its blocks.</summary>
    public ArrayView<E> Values, Partial;
    /// <summary>What <see cref="TrainingKernels.Clip"/> makes of them.</summary>
    public ArrayView<E> Control;
    /// <summary>The norm that it clips to.</summary>
    public E Limit;
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
