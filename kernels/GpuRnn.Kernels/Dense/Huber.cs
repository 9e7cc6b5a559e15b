using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>
/// The mean over outputs of e^2 / 2 where |e| is at most delta, and of delta (|e| - delta / 2) beyond, with e = y - t (Huber 1964, as
/// PyTorch's HuberLoss has it). Its number is delta. What is not a number stays none.
/// </summary>
/// <typeparam name="L">One number.</typeparam>
struct Huber<L> : IOutputLoss<L> where L : struct, ILane<L>
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
        L error = y - target, size = L.WherePositive(error, error, L.Splat(0) - error), half = L.Splat(0.5);
        return L.WherePositive(size - number, number * (size - half * number), half * error * error);
    }

    /// <inheritdoc/>
    public static L Slope(L y, L target, L number)
    {
        L error = y - target;
        return L.WherePositive(error - number, number, L.WherePositive(L.Splat(0) - number - error, L.Splat(0) - number, error));
    }
}
