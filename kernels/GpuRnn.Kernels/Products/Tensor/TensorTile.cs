namespace GpuRnn.Kernels.Products;

/// <summary>
/// A tile on tensor cores: 16 columns by 8 rows are a matrix, of which each of the eight warps has one, two or four, side by side. Eight
/// elements between summands: lanes that read four summands of eight neighbours do not meet in a bank.
/// </summary>
/// <typeparam name="TShape">The tile.</typeparam>
readonly struct TensorTile<TShape> : ITileShape where TShape : struct, ITileShape
{
    public static int Columns => TShape.Columns;
    public static int Rows => TShape.Rows;
    public static int Slices => 1;
    public static int Depth(int size) => Columns > 64 ? 16 : 32;
    public static (int Columns, int Rows) Padding => (8, 8);
}

/// <summary>How warps share such a tile.</summary>
/// <remarks>Fields: see <see cref="Tiling{E, TShape}"/>.</remarks>
/// <typeparam name="TShape">The tile.</typeparam>
static class TensorTiling<TShape> where TShape : struct, ITileShape
{
    /// <summary>Matrices from the first column to the last.</summary>
    public static readonly int Across = TShape.Columns / 16;

    /// <summary>Matrices of a warp.</summary>
    public static readonly int Each = TShape.Rows * Across / 64;
}
