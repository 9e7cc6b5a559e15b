using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>What the gradient of a dense layer before its activation is made of.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct ActivationArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>R, and elements of a row; they lie side by side in all three arrays.</summary>
    public int Rows, Stride;
    /// <summary>[R] Rows of y and dy.</summary>
    public Buffer<int> RowOf;
    /// <summary>[T, B, Stride] y = g(z) and its gradient.</summary>
    public Buffer<E> Y, Dy;
    /// <summary>[R, Stride] The gradient of z.</summary>
    public Buffer<E> Dz;
}

/// <summary>dz = dy * g'(z), of the rows that live.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
/// <typeparam name="TActivation">g.</typeparam>
struct ActivationGradient<E, L, TAccess, TActivation> : IItemWork<ActivationArguments<E>>
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
        where TActivation : struct, IActivation<L>
{
    /// <inheritdoc/>
    public static int Items(in ActivationArguments<E> a) => RowBlock.Count(a.Rows, a.Stride, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in ActivationArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.Stride, TAccess.Block);
        int from = TAccess.At(a.RowOf, block.Row) * a.Stride, to = block.Row * a.Stride;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
        {
            L slope = TActivation.Slope(TAccess.Load(a.Y, from + i, block.End - i));
            TAccess.Store(a.Dz, to + i, TAccess.Load(a.Dy, from + i, block.End - i) * slope, block.End - i);
        }
    }
}
