using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Updates;

/// <summary>
/// Stochastic gradient descent as torch.optim.SGD documents it: v = momentum v + g, w -= rate (ahead g + along v), where g includes weight
/// decay. Plain and with momentum, ahead is 0 and along 1; with Nesterov's momentum (Sutskever et al. 2013, section 2.1), 1 and momentum.
/// Numbers: rate, momentum, decay, ahead, along.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
struct SgdRule<E, L> : IUpdateRule<SgdRule<E, L>, E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>The numbers.</summary>
    public E Rate, Momentum, Decay, Ahead, Along;

    /// <inheritdoc/>
    public static int States => 1;

    /// <inheritdoc/>
    public static SgdRule<E, L> With(ReadOnlySpan<E> n) => new() { Rate = n[0], Momentum = n[1], Decay = n[2], Ahead = n[3], Along = n[4] };

    /// <inheritdoc/>
    public readonly void Apply(ref L value, L gradient, ref L first, ref L second)
    {
        gradient = L.Fma(L.Of(Decay), value, gradient);
        first = L.Fma(L.Of(Momentum), first, gradient);
        value -= L.Of(Rate) * L.Fma(L.Of(Along), first, L.Of(Ahead) * gradient);
    }
}
