using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>No loss: outputs are wanted.</summary>
/// <typeparam name="L">One number.</typeparam>
struct NoLoss<L> : IOutputLoss<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static TargetKind Target => TargetKind.None;
    /// <inheritdoc/>
    public static bool TakesLogits => false;
    /// <inheritdoc/>
    public static double Scale(int outputs) => 1;
    /// <inheritdoc/>
    public static L Value(L y, L target, L number) => L.Splat(0);
    /// <inheritdoc/>
    public static L Slope(L y, L target, L number) => L.Splat(0);
}
