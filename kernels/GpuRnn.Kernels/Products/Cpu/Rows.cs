using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Products;

/// <summary>How many rows a register tile has: a type, so that the compiler removes the rows that are not there.</summary>
interface IRows { static abstract int Count { get; } }
struct Rows1 : IRows { public static int Count => 1; }
struct Rows2 : IRows { public static int Count => 2; }
struct Rows3 : IRows { public static int Count => 3; }
struct Rows4 : IRows { public static int Count => 4; }
struct Rows5 : IRows { public static int Count => 5; }
struct Rows6 : IRows { public static int Count => 6; }

/// <summary>Addresses of the rows of a register tile, at most six.</summary>
unsafe struct Rows<E> where E : unmanaged
{
    public E* A, B, C, D, E_, F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int row, E* at) => ((E**)Unsafe.AsPointer(ref this))[row] = at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly E* At(int row) => ((E**)Unsafe.AsPointer(ref Unsafe.AsRef(in this)))[row];

    /// <summary>The same addresses of other elements.</summary>
    public static ref readonly Rows<E> Of<T>(in Rows<T> rows)
        where T : unmanaged =>
        ref Unsafe.As<Rows<T>, Rows<E>>(ref Unsafe.AsRef(in rows));

    /// <summary>
    /// Rows that are `stride` elements apart. Not for inner loops: a copy of what was just written in parts waits for all stores before
    /// it, hundreds of cycles behind a product; there, rows are set in place.
    /// </summary>
    public static Rows<E> Strided(E* at, nint stride) => new()
    { A = at, B = at + stride, C = at + 2 * stride, D = at + 3 * stride, E_ = at + 4 * stride, F = at + 5 * stride };

    /// <summary>Rows of the next tile when `left` rows are left: tiles as equal as possible, for small ones starve.</summary>
    public static int Next(int left, int most)
    {
        int tiles = (left + most - 1) / most;
        return (left + tiles - 1) / tiles;
    }
}
