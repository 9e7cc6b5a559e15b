using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>
/// Work that falls into items which do not depend on each other, such as the vectors of rows: an embedding, a mask, attention. Every item
/// is computed alone and in a fixed order, so results do not depend on how the items are shared.
/// </summary>
/// <typeparam name="TArguments">What it reads and writes.</typeparam>
interface IItemWork<TArguments> where TArguments : struct
{
    /// <summary>How many items there are.</summary>
    static abstract int Items(in TArguments a);

    /// <summary>One of them.</summary>
    static abstract void Item(in TArguments a, int item);
}

/// <summary>How a device shares items.</summary>
interface IItems
{
    /// <summary>Does this worker's items.</summary>
    static abstract void Run<TWork, TArguments>(in TArguments a) where TWork : struct, IItemWork<TArguments> where TArguments : struct;
}

/// <summary>How a device reads and writes rows, a lane at a time.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
interface IAccess<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E>
{
    /// <summary>Elements a lane.</summary>
    static abstract int Width { get; }
    /// <summary>The lane at an element; behind `count` elements it is 0.</summary>
    static abstract L Load(in Buffer<E> memory, int at, int count);
    /// <summary>Writes the first `count` elements of a lane.</summary>
    static abstract void Store(in Buffer<E> memory, int at, L value, int count);
    /// <summary>The sum of a lane's elements.</summary>
    static abstract E Sum(L value);
    /// <summary>
    /// Neighbouring elements an item: enough to pay for finding it, and one on a GPU, whose threads are many. A multiple of the width.
    /// </summary>
    static abstract int Block { get; }
    /// <summary>One element.</summary>
    static abstract E Number(in Buffer<E> memory, int at);
    /// <summary>A number of a list.</summary>
    static abstract int At(in Buffer<int> list, int at);
}

/// <summary>An item that is a block of a row: which, and where in the row it begins and ends.</summary>
readonly struct RowBlock
{
    RowBlock(int row, int begin, int end) => (Row, Begin, End) = (row, begin, end);

    /// <summary>The row.</summary>
    public readonly int Row;
    /// <summary>Its first element.</summary>
    public readonly int Begin;
    /// <summary>Behind its last element.</summary>
    public readonly int End;

    /// <summary>Items of rows of `size` elements.</summary>
    public static int Count(int rows, int size, int block) => rows * ((size + block - 1) / block);

    /// <summary>The block of an item.</summary>
    public static RowBlock Of(int item, int size, int block)
    {
        int blocks = (size + block - 1) / block, row = item / blocks, begin = (item - row * blocks) * block;
        return new(row, begin, begin + block < size ? begin + block : size);
    }
}

/// <summary>The launch.</summary>
static class ItemKernels
{
    /// <summary>All items.</summary>
    public static void Run<TItems, TWork, TArguments>(TArguments a)
        where TItems : struct, IItems where TWork : struct, IItemWork<TArguments> where TArguments : struct =>
        TItems.Run<TWork, TArguments>(in a);
}
