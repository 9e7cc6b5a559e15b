using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;

namespace GpuRnn.Kernels.Products;

/// <summary>The tile of a product that a group makes: a type, so that the compiler knows its sizes.</summary>
interface ITileShape
{
    /// <summary>Columns.</summary>
    static abstract int Columns { get; }
    /// <summary>Rows.</summary>
    static abstract int Rows { get; }
}

/// <summary>A panel of so many slots by the rows of a step: few results, which many threads share the summands of.</summary>
/// <typeparam name="TRange">The slots.</typeparam>
readonly struct StepTile<TRange> : ITileShape where TRange : struct, IRange
{
    public static int Columns => PortableShape.Width * SlotCount.Padded<TRange>();
    public static int Rows => PortableShape.Rows;
}

/// <summary>A panel of so many slots by as many rows as a group has sums for: for products of all steps.</summary>
/// <typeparam name="TRange">The slots.</typeparam>
readonly struct WideTile<TRange> : ITileShape where TRange : struct, IRange
{
    public static int Columns => PortableShape.Width * SlotCount.Padded<TRange>();
    public static int Rows => SlotCount.Padded<TRange>() > 4 ? 32 : 64;
}

/// <summary>One slot: a panel of single columns.</summary>
readonly struct OneSlot : IRange
{
    public static int First => 0;
    public static int Count => 1;
}

/// <summary>Four of them: a block of packed columns.</summary>
readonly struct FourSlots : IRange
{
    public static int First => 0;
    public static int Count => 4;
}

static class SlotCount
{
    /// <summary>As a power of two.</summary>
    public static int Padded<TRange>() where TRange : struct, IRange =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, TRange.Count));
}

/// <summary>
/// How a group makes a tile. A thread has sums of four columns by four rows; where a tile has fewer sums than all threads together, they
/// are in slices that share the summands.
/// </summary>
/// <remarks>Fields, not properties: ILGPU reads them when it compiles, where calls of calls took it half a minute a kernel.</remarks>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TShape">The tile.</typeparam>
static class Tiling<E, TShape> where E : unmanaged, IFloatingPointIeee754<E> where TShape : struct, ITileShape
{
    /// <summary>Columns.</summary>
    public static readonly int Columns = TShape.Columns;
    /// <summary>Rows.</summary>
    public static readonly int Rows = TShape.Rows;
    /// <summary>Threads a slice.</summary>
    public static readonly int SliceThreads = Columns * Rows / 16;
    /// <summary>Slices.</summary>
    public static readonly int Slices = PortableShape.Threads / SliceThreads;
    /// <summary>Summands that a slice has staged at a time, at most: such that 21 KB hold them, whatever the shape.</summary>
    public static readonly int Depth = (Slices * (Columns + Rows) > 320 ? 32 : 64) / Unsafe.SizeOf<E>();
    /// <summary>Elements between rows of summands: four more than there are, so that threads that write do not meet in a bank.</summary>
    public static readonly int Pitch = Rows + 4;
    /// <summary>Elements that are staged of the first operand: where the second begins.</summary>
    public static readonly int ColumnElements = Slices * Depth * Columns;
    /// <summary>Elements that are staged of the second operand.</summary>
    public static readonly int RowElements = Slices * Depth * Rows;
}
