using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>
/// -log softmax(y)[class]; its gradient is softmax(y) less the one-hot target. Its number is label smoothing: the share of the target that
/// is spread over all classes (Szegedy et al. 2016, section 7).
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
struct SoftmaxCrossEntropy<E, L> : IRowLoss<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static TargetKind Target => TargetKind.Class;
    /// <inheritdoc/>
    public static bool TakesLogits => true;
    /// <inheritdoc/>
    public static double Scale(int outputs) => 1;

    /// <inheritdoc/>
    public static L Row<TRow, V>(TRow row, L weight, L number, bool gradient)
        where TRow : struct, ITargetRow<V, L> where V : struct, ILane<V>
    {
        L most = row.Most, chosen = Targeted<TRow, V>(row, number), total = Powers.Sum<TRow, V, L>(row, most, gradient);
        if (gradient) Gradient<TRow, V>(row, weight, number, total);
        return L.Log(total) + most - chosen;
    }

    /// <summary>The mean of y under the target: y of the class or, smoothed, a mix of it with the mean of all.</summary>
    static L Targeted<TRow, V>(TRow row, L smoothing) where TRow : struct, ITargetRow<V, L> where V : struct, ILane<V>
    {
        L sum = L.Splat(0);
        if (!L.Less(sum, smoothing)) return row.At(row.Class); // 0 times infinity is no number
        for (int i = 0; i < row.Count; i++) sum += row.At(i);
        return (L.Splat(1) - smoothing) * row.At(row.Class) + smoothing * sum / L.Splat(row.Count);
    }

    /// <summary>From the powers in the outputs' place to weight * (softmax - target).</summary>
    static void Gradient<TRow, V>(TRow row, L weight, L smoothing, L total) where TRow : struct, ITargetRow<V, L> where V : struct, ILane<V>
    {
        int whole = row.Count / row.Width * row.Width;
        L factor = weight / total, spread = weight * smoothing / L.Splat(row.Count);
        V wide = row.Spread(factor), less = row.Spread(spread);
        for (int i = 0; i < whole; i += row.Width) row.PutWide(i, row.Wide(i) * wide - less);
        for (int i = whole; i < row.Count; i++) row.Put(i, row.At(i) * factor - spread);
        row.Put(row.Class, row.At(row.Class) - weight * (L.Splat(1) - smoothing));
    }
}
