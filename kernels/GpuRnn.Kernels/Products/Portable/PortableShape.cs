using ILGPU;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// Shape of the portable tile. Widths and depths are powers of two: remainders are masks, for that of signed numbers is a division on a
/// GPU.
/// </summary>
static class PortableShape
{
    /// <summary>Hidden units a panel.</summary>
    public const int Width = 16;
    /// <summary>Rows whose sums a thread holds.</summary>
    public const int RowsAThread = 4;
    /// <summary>Threads a group.</summary>
    public const int Threads = 64;
    /// <summary>Rows a tile.</summary>
    public const int Rows = Threads / Width * RowsAThread;
    /// <summary>Elements of the left operand that a group stages at a time, a row.</summary>
    public const int Depth = 32;

    /// <summary>This thread's unit in a panel.</summary>
    internal static int Lane => Group.IdxX & Width - 1;
    /// <summary>The first of this thread's rows in a tile.</summary>
    internal static int Row => Group.IdxX / Width * RowsAThread;
    /// <summary>Tiles that so many rows make.</summary>
    internal static int Tiles(int rows) => (rows + Rows - 1) / Rows;
}
