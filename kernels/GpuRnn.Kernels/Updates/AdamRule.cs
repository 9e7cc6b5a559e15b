using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Updates;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2): weight decay enters the gradient of the
/// former and shrinks the weights of the latter. Numbers: beta1, 1 - beta1, beta2, 1 - beta2, rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t),
/// epsilon, decay (Adam; else 0), shrink (AdamW: 1 - rate decay; else 1).
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
struct AdamRule<E, L> : IUpdateRule<AdamRule<E, L>, E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>The numbers.</summary>
    public E Beta1, Rest1, Beta2, Rest2, Rate, Correction, Epsilon, Decay, Shrink;

    /// <inheritdoc/>
    public static int States => 2;

    /// <inheritdoc/>
    public static AdamRule<E, L> With(ReadOnlySpan<E> n) => new()
    {
        Beta1 = n[0], Rest1 = n[1], Beta2 = n[2], Rest2 = n[3], Rate = n[4], Correction = n[5], Epsilon = n[6], Decay = n[7], Shrink = n[8],
    };

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        gradient = L.Fma(L.Of(Decay), value, gradient);
        first = L.Fma(L.Of(Beta1), first, L.Of(Rest1) * gradient);
        second = L.Fma(L.Of(Beta2), second, L.Of(Rest2) * gradient * gradient);
        value = L.Of(Shrink) * value - L.Of(Rate) * first / (L.Sqrt(second) * L.Of(Correction) + L.Of(Epsilon));
    }
}
