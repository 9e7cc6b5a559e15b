using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Items;

/// <summary>
/// Rows of states on their way between a store and a batch whose initial states must outlive its forward pass: those of the store are
/// named, those of the batch lie side by side.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
struct StateRowsArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Sequences of the batch, and elements of a row.</summary>
    public int B, Size;
    /// <summary>[B] The rows that are read, and those that are written; empty for 0 to B - 1.</summary>
    public Buffer<int> FromRows, ToRows;
    /// <summary>[rows, Size].</summary>
    public Buffer<E> From, To;
}

/// <summary>Copies them.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct StateRows<E, L, TAccess> : IItemWork<StateRowsArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in StateRowsArguments<E> a) => RowBlock.Count(a.B, a.Size, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in StateRowsArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.Size, TAccess.Block);
        int from = Row(a.FromRows, block.Row) * a.Size, to = Row(a.ToRows, block.Row) * a.Size;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.To, to + i, TAccess.Load(a.From, from + i, block.End - i), block.End - i);
    }

    static int Row(in Buffer<int> rows, int row) => rows.Length > 0 ? TAccess.At(rows, row) : row;
}
