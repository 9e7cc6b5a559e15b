using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>A loss on one row of outputs: equations on one number. The losses of a row's outputs are added up.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
public interface ILoss<E, L> where E : unmanaged where L : struct, IScalar<L, E>
{
    /// <summary>Is there a loss at all?</summary>
    static abstract bool Exists { get; }

    /// <summary>Is it the cross-entropy of a softmax, whose targets are classes?</summary>
    static abstract bool IsSoftmax { get; }

    /// <summary>The loss of an output.</summary>
    static abstract L Value(L y, L target);

    /// <summary>Its derivative by the output.</summary>
    static abstract L Slope(L y, L target);
}

/// <summary>No loss: outputs are wanted.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
public struct NoLoss<E, L> : ILoss<E, L> where E : unmanaged where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static bool Exists => false;
    /// <inheritdoc/>
    public static bool IsSoftmax => false;
    /// <inheritdoc/>
    public static L Value(L y, L target) => L.Splat(0);
    /// <inheritdoc/>
    public static L Slope(L y, L target) => L.Splat(0);
}

/// <summary>-log softmax(y)[class]; its gradient is softmax(y) less the one-hot target.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
public struct SoftmaxCrossEntropy<E, L> : ILoss<E, L> where E : unmanaged where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static bool Exists => true;
    /// <inheritdoc/>
    public static bool IsSoftmax => true;
    /// <inheritdoc/>
    public static L Value(L y, L target) => L.Splat(0);
    /// <inheritdoc/>
    public static L Slope(L y, L target) => L.Splat(0);
}

/// <summary>
/// Binary cross-entropy of sigmoid(y): max(y, 0) - y t + log(1 + e^-|y|), which overflows nowhere. Of an infinite y it is 0 where the
/// target is what y says, and infinite elsewhere; what is not a number stays none.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
public struct BinaryCrossEntropy<E, L> : ILoss<E, L> where E : unmanaged where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static bool Exists => true;
    /// <inheritdoc/>
    public static bool IsSoftmax => false;

    /// <inheritdoc/>
    public static L Value(L y, L target)
    {
        // max(y, 0) - y t is y (1 - t) or y (0 - t); a factor of 0 leaves nothing of it, even of an infinite y
        L zero = L.Splat(0), one = L.Splat(1), factor = L.WherePositive(y, one, zero) - target, linear = factor * y;
        linear = L.WherePositive(factor, linear, L.WherePositive(zero - factor, linear, factor));
        return linear + L.Log(one + L.Exp(L.WherePositive(y, zero - y, y)));
    }

    /// <inheritdoc/>
    public static L Slope(L y, L target) => L.Sigmoid(y) - target;
}

/// <summary>The mean over outputs of (y - t)^2 is the sum of this, times 1 / V.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
public struct SquaredError<E, L> : ILoss<E, L> where E : unmanaged where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static bool Exists => true;
    /// <inheritdoc/>
    public static bool IsSoftmax => false;
    /// <inheritdoc/>
    public static L Value(L y, L target) => (y - target) * (y - target);
    /// <inheritdoc/>
    public static L Slope(L y, L target) => L.Splat(2) * (y - target);
}
