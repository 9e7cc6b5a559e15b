using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>What a loss compares a row of outputs with.</summary>
enum TargetKind
{
    /// <summary>Nothing: there is no loss.</summary>
    None,
    /// <summary>The index of a class, from 0 to V - 1.</summary>
    Class,
    /// <summary>V values.</summary>
    Values,
}

/// <summary>
/// What every loss says of itself. How it is computed is a contract of its own: over the outputs of a row one by one
/// (<see cref="IOutputLoss{L}"/>), or over a row (<see cref="IRowLoss{E, L}"/>). A loss over the rows of a sequence, whose target is a list
/// of labels, would be a third beside them: docs/adding-a-loss.md.
/// </summary>
interface ILoss
{
    /// <summary>What its target is.</summary>
    static abstract TargetKind Target { get; }

    /// <summary>Does it take outputs as they are before an activation, and bring its own?</summary>
    static abstract bool TakesLogits { get; }

    /// <summary>What a row's loss is multiplied by before the scale of the program: 1 / V for a mean over V outputs.</summary>
    static abstract double Scale(int outputs);
}

/// <summary>A loss over a row of outputs.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
interface IRowLoss<E, L> : ILoss where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    /// <summary>The loss of a row and, if wanted, its gradient in the outputs' place.</summary>
    /// <typeparam name="TRow">How the device reads a row.</typeparam>
    /// <typeparam name="V">Neighbouring outputs: a vector on the CPU, one number on a GPU.</typeparam>
    /// <param name="row">Outputs and target.</param>
    /// <param name="weight">What the gradient is multiplied by; the caller multiplies the loss.</param>
    /// <param name="number">The loss's own number, such as Huber's delta.</param>
    /// <param name="gradient">Is the gradient wanted?</param>
    /// <returns>The loss, not yet multiplied by the weight.</returns>
    static abstract L Row<TRow, V>(TRow row, L weight, L number, bool gradient)
        where TRow : struct, ITargetRow<V, L> where V : struct, ILane<V>;
}

/// <summary>A loss that is a sum over outputs: equations on one number.</summary>
/// <typeparam name="L">One number.</typeparam>
interface IOutputLoss<L> : ILoss where L : struct, ILane<L>
{
    /// <summary>The loss of an output.</summary>
    static abstract L Value(L y, L target, L number);

    /// <summary>Its derivative by the output.</summary>
    static abstract L Slope(L y, L target, L number);
}

/// <summary>The sum over a row's outputs, and its gradient through the outputs' activation.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="TLoss">The loss of an output.</typeparam>
struct SumOverOutputs<E, L, TLoss> : IRowLoss<E, L>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TLoss : struct, IOutputLoss<L>
{
    /// <inheritdoc/>
    public static TargetKind Target => TLoss.Target;
    /// <inheritdoc/>
    public static bool TakesLogits => TLoss.TakesLogits;
    /// <inheritdoc/>
    public static double Scale(int outputs) => TLoss.Scale(outputs);

    /// <inheritdoc/>
    public static L Row<TRow, V>(TRow row, L weight, L number, bool gradient)
        where TRow : struct, ITargetRow<V, L> where V : struct, ILane<V>
    {
        L sum = L.Splat(0);
        for (int i = 0; i < row.Count; i++)
        {
            L y = row.At(i), target = row.Target(i);
            sum += TLoss.Value(y, target, number);
            if (gradient) row.Put(i, weight * TLoss.Slope(y, target, number) * row.Slope(y));
        }
        return sum;
    }
}
