using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Updates;

/// <summary>
/// What is done to every element of an array, given the same element of another one: an optimizer's step, a sum, a clamp. It is its
/// equations over a lane; loops and devices are elsewhere.
/// </summary>
/// <typeparam name="TSelf">The rule itself.</typeparam>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
interface IUpdateRule<TSelf, E, L>
    where TSelf : struct, IUpdateRule<TSelf, E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>Arrays of state beside the value: 0, 1 or 2.</summary>
    static abstract int States { get; }

    /// <summary>The rule with its numbers, such as a rate, in the order that the rule documents; called on the host.</summary>
    static abstract TSelf With(ReadOnlySpan<E> numbers);

    /// <summary>One element.</summary>
    /// <param name="value">What is updated.</param>
    /// <param name="gradient">What it is updated by, already scaled for clipping.</param>
    /// <param name="first">The first state.</param>
    /// <param name="second">The second state.</param>
    void Apply(ref L value, L gradient, ref L first, ref L second);
}
