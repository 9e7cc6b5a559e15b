using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Training;

/// <summary>
/// What is done to every element of an array, given the same element of another one: an optimizer's step, a sum, a clamp. It is its equations
/// over a lane; loops and devices are elsewhere.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public interface IUpdateRule<E, L> where E : unmanaged where L : struct, ILane<L, E>
{
    /// <summary>Arrays of state beside the value: 0, 1 or 2.</summary>
    static abstract int States { get; }

    /// <summary>One element.</summary>
    /// <param name="value">What is updated.</param>
    /// <param name="gradient">What it is updated by, already scaled for clipping.</param>
    /// <param name="first">The first state.</param>
    /// <param name="second">The second state.</param>
    void Apply(ref L value, L gradient, ref L first, ref L second);
}

/// <summary>value += gradient.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public struct AddRule<E, L> : IUpdateRule<E, L> where E : unmanaged where L : struct, ILane<L, E>
{
    /// <inheritdoc/>
    public static int States => 0;

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second) => value += gradient;
}

/// <summary>value = gradient clamped to [-Limit, Limit]; what is not finite becomes NaN, for it must not pass as a clipped gradient.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public struct ClampRule<E, L> : IUpdateRule<E, L> where E : unmanaged where L : struct, ILane<L, E>
{
    /// <summary>The largest magnitude that stays.</summary>
    public E Limit;

    /// <inheritdoc/>
    public static int States => 0;

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        L limit = L.Of(Limit), below = L.Splat(0) - limit;
        value = L.WherePositive(gradient - limit, limit, L.WherePositive(below - gradient, below, gradient)) + (gradient - gradient);
    }
}

/// <summary>Stochastic gradient descent with momentum as PyTorch has it: v = momentum * v + g; w -= rate * v, where g includes weight decay.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public struct SgdRule<E, L> : IUpdateRule<E, L> where E : unmanaged where L : struct, ILane<L, E>
{
    /// <summary>Learning rate, momentum (0 for none) and weight decay.</summary>
    public E Rate, Momentum, Decay;

    /// <inheritdoc/>
    public static int States => 1;

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        gradient = L.Fma(L.Of(Decay), value, gradient);
        first = L.Fma(L.Of(Momentum), first, gradient);
        value -= L.Of(Rate) * first;
    }
}

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2): weight decay enters the gradient of the
/// former and shrinks the weights of the latter.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public struct AdamRule<E, L> : IUpdateRule<E, L> where E : unmanaged where L : struct, ILane<L, E>
{
    /// <summary>Decay rates of the moments, and what remains of 1.</summary>
    public E Beta1, Rest1, Beta2, Rest2;
    /// <summary>rate / (1 - Beta1^t) and 1 / sqrt(1 - Beta2^t).</summary>
    public E Rate, Correction;
    /// <summary>What keeps the division finite.</summary>
    public E Epsilon;
    /// <summary>Weight decay that enters the gradient (Adam), and 1 - rate * decay (AdamW).</summary>
    public E Decay, Shrink;

    /// <inheritdoc/>
    public static int States => 2;

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        gradient = L.Fma(L.Of(Decay), value, gradient);
        first = L.Fma(L.Of(Beta1), first, L.Of(Rest1) * gradient);
        second = L.Fma(L.Of(Beta2), second, L.Of(Rest2) * gradient * gradient);
        value = L.Of(Shrink) * value - L.Of(Rate) * first / (L.Sqrt(second) * L.Of(Correction) + L.Of(Epsilon));
    }
}
