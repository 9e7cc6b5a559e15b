using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>What an embedding reads and writes. Padding is in no list.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct EmbeddingArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Rows that live, V, D, and whether gradients are added to what is there (1) or written (0).</summary>
    public int Rows, V, D, Add;
    /// <summary>[Rows] Living rows, sorted by their index.</summary>
    public Buffer<int> Order;
    /// <summary>[V + 1] Where an index's rows begin in <see cref="Order"/>.</summary>
    public Buffer<int> Starts;
    /// <summary>[Rows] Indices, beside <see cref="Order"/>.</summary>
    public Buffer<int> Index;
    /// <summary>[V, D] The table, or its gradient.</summary>
    public Buffer<E> Table;
    /// <summary>[T, B, D] What it gives, or its gradient.</summary>
    public Buffer<E> X;
}

/// <summary>x[row] = table[index of row].</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct EmbeddingLookup<E, L, TAccess> : IItemWork<EmbeddingArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in EmbeddingArguments<E> a) => RowBlock.Count(a.Rows, a.D, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in EmbeddingArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.D, TAccess.Block);
        int to = TAccess.At(a.Order, block.Row) * a.D, from = TAccess.At(a.Index, block.Row) * a.D;
        for (int d = block.Begin; d < block.End; d += TAccess.Width)
            TAccess.Store(a.X, to + d, TAccess.Load(a.Table, from + d, block.End - d), block.End - d);
    }
}

/// <summary>dTable[v] = (dTable[v] or 0) + the sum of dx over the rows of index v, in their order.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct EmbeddingGradient<E, L, TAccess> : IItemWork<EmbeddingArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in EmbeddingArguments<E> a) => RowBlock.Count(a.V, a.D, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in EmbeddingArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.D, TAccess.Block);
        int first = TAccess.At(a.Starts, block.Row), last = TAccess.At(a.Starts, block.Row + 1);
        for (int d = block.Begin; d < block.End; d += TAccess.Width)
        {
            L sum = L.Splat(0);
            for (int i = first; i < last; i++) sum += TAccess.Load(a.X, TAccess.At(a.Order, i) * a.D + d, block.End - d);
            if (a.Add != 0) sum += TAccess.Load(a.Table, block.Row * a.D + d, block.End - d);
            TAccess.Store(a.Table, block.Row * a.D + d, sum, block.End - d);
        }
    }
}
