using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Items;

/// <summary>Rows of states in a store, and in a batch whose initial states must outlive its forward pass.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct StateRowsArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Sequences of the batch, and elements of a row.</summary>
    public int B, Size;
    /// <summary>[B] The row of each sequence in the store.</summary>
    public Buffer<int> Slots;
    /// <summary>[capacity, Size].</summary>
    public Buffer<E> Store;
    /// <summary>[B, Size].</summary>
    public Buffer<E> Dense;
}

/// <summary>From the store to the batch.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct StateRowsOut<E, L, TAccess> : IItemWork<StateRowsArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in StateRowsArguments<E> a) => RowBlock.Count(a.B, a.Size, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in StateRowsArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.Size, TAccess.Block);
        int store = TAccess.At(a.Slots, block.Row) * a.Size, dense = block.Row * a.Size;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.Dense, dense + i, TAccess.Load(a.Store, store + i, block.End - i), block.End - i);
    }
}

/// <summary>From the batch to the store.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct StateRowsIn<E, L, TAccess> : IItemWork<StateRowsArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in StateRowsArguments<E> a) => RowBlock.Count(a.B, a.Size, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in StateRowsArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.Size, TAccess.Block);
        int store = TAccess.At(a.Slots, block.Row) * a.Size, dense = block.Row * a.Size;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.Store, store + i, TAccess.Load(a.Dense, dense + i, block.End - i), block.End - i);
    }
}
