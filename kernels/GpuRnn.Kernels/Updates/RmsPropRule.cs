using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Updates;

/// <summary>
/// RMSprop (Hinton, lecture 6e, 2012) as torch.optim.RMSprop documents it, not centred: s = alpha s + (1 - alpha) g^2,
/// v = momentum v + g / (sqrt(s) + epsilon), w -= rate v, where g includes weight decay. Numbers: rate, alpha, 1 - alpha, epsilon,
/// momentum, decay.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
struct RmsPropRule<E, L> : IUpdateRule<RmsPropRule<E, L>, E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>The numbers.</summary>
    public E Rate, Alpha, Rest, Epsilon, Momentum, Decay;

    /// <inheritdoc/>
    public static int States => 2;

    /// <inheritdoc/>
    public static RmsPropRule<E, L> With(ReadOnlySpan<E> n) =>
        new() { Rate = n[0], Alpha = n[1], Rest = n[2], Epsilon = n[3], Momentum = n[4], Decay = n[5] };

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        gradient = L.Fma(L.Of(Decay), value, gradient);
        first = L.Fma(L.Of(Alpha), first, L.Of(Rest) * gradient * gradient);
        second = L.Fma(L.Of(Momentum), second, gradient / (L.Sqrt(first) + L.Of(Epsilon)));
        value -= L.Of(Rate) * second;
    }
}
