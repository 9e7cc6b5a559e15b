using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>
/// Binary cross-entropy of sigmoid(y): max(y, 0) - y t + log(1 + e^-|y|), which overflows nowhere. Of an infinite y it is 0 where the
/// target is what y says, and infinite elsewhere; what is not a number stays none.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
struct BinaryCrossEntropy<E, L> : IOutputLoss<L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static TargetKind Target => TargetKind.Values;
    /// <inheritdoc/>
    public static bool TakesLogits => true;
    /// <inheritdoc/>
    public static double Scale(int outputs) => 1;

    /// <inheritdoc/>
    public static L Value(L y, L target, L number)
    {
        // max(y, 0) - y t is y (1 - t) or y (0 - t); a factor of 0 leaves nothing of it, even of an infinite y
        L zero = L.Splat(0), one = L.Splat(1), factor = L.WherePositive(y, one, zero) - target, linear = factor * y;
        linear = L.WherePositive(factor, linear, L.WherePositive(zero - factor, linear, factor));
        return linear + L.Log(one + L.Exp(L.WherePositive(y, zero - y, y)));
    }

    /// <inheritdoc/>
    public static L Slope(L y, L target, L number) => L.Sigmoid(y) - target;
}
