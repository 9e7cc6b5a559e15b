using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>The mean over outputs of |y - t|; its slope at 0 is 0, as PyTorch's L1Loss has it. What is not a number stays none.</summary>
/// <typeparam name="L">One number.</typeparam>
struct AbsoluteError<L> : IOutputLoss<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static TargetKind Target => TargetKind.Values;
    /// <inheritdoc/>
    public static bool TakesLogits => false;
    /// <inheritdoc/>
    public static double Scale(int outputs) => 1.0 / outputs;

    /// <inheritdoc/>
    public static L Value(L y, L target, L number)
    {
        L error = y - target;
        return L.WherePositive(error, error, L.Splat(0) - error);
    }

    /// <inheritdoc/>
    public static L Slope(L y, L target, L number)
    {
        L error = y - target, zero = L.Splat(0);
        return L.WherePositive(error, L.Splat(1), L.WherePositive(zero - error, L.Splat(-1), error));
    }
}
