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
    /// <summary>Slices that share the summands.</summary>
    static abstract int Slices { get; }
    /// <summary>Summands that a slice has staged at a time, at most, of numbers of so many bytes.</summary>
    static abstract int Depth(int size);
    /// <summary>Elements by which columns, and rows, of a summand are further apart from those of the next than need be.</summary>
    static abstract (int Columns, int Rows) Padding { get; }
}

/// <summary>A panel of so many slots by the rows of a step: few results, which many threads share the summands of.</summary>
/// <typeparam name="TRange">The slots.</typeparam>
readonly struct StepTile<TRange> : ITileShape where TRange : struct, IRange
{
    public static int Columns => PortableShape.Width * SlotCount.Padded<TRange>();
    public static int Rows => PortableShape.Rows;
    public static int Slices => ThreadTiles.Slices(Columns, Rows);
    public static int Depth(int size) => ThreadTiles.Depth(Columns, Rows, size);
    public static (int Columns, int Rows) Padding => ThreadTiles.Padding;
}

/// <summary>A panel of so many slots by as many rows as a group has sums for: for products of all steps.</summary>
/// <typeparam name="TRange">The slots.</typeparam>
readonly struct WideTile<TRange> : ITileShape where TRange : struct, IRange
{
    public static int Columns => PortableShape.Width * SlotCount.Padded<TRange>();
    public static int Rows => SlotCount.Padded<TRange>() > 4 ? 32 : 64;
    public static int Slices => ThreadTiles.Slices(Columns, Rows);
    public static int Depth(int size) => ThreadTiles.Depth(Columns, Rows, size);
    public static (int Columns, int Rows) Padding => ThreadTiles.Padding;
}

/// <summary>
/// Tiles whose threads have sums of four columns by four rows each. Where a tile has fewer sums than all threads together, they are in
/// slices.
/// </summary>
static class ThreadTiles
{
    public static int Slices(int columns, int rows) => PortableShape.Threads / (columns * rows / 16);

    /// <summary>Such that 21 KB hold them, whatever the shape.</summary>
    public static int Depth(int columns, int rows, int size) => (Slices(columns, rows) * (columns + rows) > 320 ? 32 : 64) / size;

    /// <summary>Four more rows than there are, so that threads that write do not meet in a bank.</summary>
    public static (int Columns, int Rows) Padding => (0, 4);
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

/// <summary>How a group makes a tile, in numbers.</summary>
/// <remarks>Fields, not properties: ILGPU reads them when it compiles, where calls of calls took it half a minute a kernel.</remarks>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TShape">The tile.</typeparam>
static class Tiling<E, TShape> where E : unmanaged, IFloatingPointIeee754<E> where TShape : struct, ITileShape
{
    /// <summary>Columns.</summary>
    public static readonly int Columns = TShape.Columns;
    /// <summary>Rows.</summary>
    public static readonly int Rows = TShape.Rows;
    /// <summary>Slices that share the summands.</summary>
    public static readonly int Slices = TShape.Slices;
    /// <summary>Threads a slice.</summary>
    public static readonly int SliceThreads = PortableShape.Threads / Slices;
    /// <summary>Summands that a slice has staged at a time, at most.</summary>
    public static readonly int Depth = TShape.Depth(Unsafe.SizeOf<E>());
    /// <summary>Those of all slices.</summary>
    public static readonly int Summands = Slices * Depth;
    /// <summary>Elements between columns of two summands.</summary>
    public static readonly int ColumnPitch = Columns + TShape.Padding.Columns;
    /// <summary>Elements between rows of two summands.</summary>
    public static readonly int Pitch = Rows + TShape.Padding.Rows;
    /// <summary>Elements that are staged of the first operand.</summary>
    public static readonly int ColumnElements = Slices * Depth * Columns;
    /// <summary>Elements that are staged of the second operand.</summary>
    public static readonly int RowElements = Slices * Depth * Rows;
    /// <summary>Where the second begins.</summary>
    public static readonly int RowsAt = Slices * Depth * ColumnPitch;
}
