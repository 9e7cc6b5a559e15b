using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>The mean over outputs of (y - t)^2.</summary>
/// <typeparam name="L">One number.</typeparam>
struct SquaredError<L> : IOutputLoss<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static TargetKind Target => TargetKind.Values;
    /// <inheritdoc/>
    public static bool TakesLogits => false;
    /// <inheritdoc/>
    public static double Scale(int outputs) => 1.0 / outputs;
    /// <inheritdoc/>
    public static L Value(L y, L target, L number) => (y - target) * (y - target);
    /// <inheritdoc/>
    public static L Slope(L y, L target, L number) => L.Splat(2) * (y - target);
}
