using ILGPU;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// What all products on any GPU share. Sizes are powers of two: remainders are masks, for that of signed numbers is a division on a GPU.
/// </summary>
static class PortableShape
{
    /// <summary>Hidden units a panel.</summary>
    public const int Width = 16;
    /// <summary>Threads a group.</summary>
    public const int Threads = 256;
    /// <summary>Rows of a tile between two steps: with <see cref="Width"/> units, one of each for every thread.</summary>
    public const int Rows = Threads / Width;

    /// <summary>This thread's unit in a panel, where each thread has one unit of one row.</summary>
    internal static int Lane => Group.IdxX & Width - 1;
    /// <summary>This thread's row in a tile there.</summary>
    internal static int Row => Group.IdxX / Width;
    /// <summary>Tiles that so many rows make.</summary>
    internal static int Tiles(int rows) => (rows + Rows - 1) / Rows;
}
