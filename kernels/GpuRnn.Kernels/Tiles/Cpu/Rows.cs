using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Tiles.Cpu;

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

    /// <summary>
    /// Rows that are `stride` elements apart. Not for inner loops: a copy of what was just written in parts waits for all stores before it, hundreds
    /// of cycles behind a product; there, rows are set in place.
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

/// <summary>
/// How the elements of a tile's rows lie: k runs over Parts blocks, the first of Count elements and the others of Then, Step apart. From block
/// to block every row jumps, and the packed matrix beside them, which has a group of vectors for every k, skips Gap elements.
/// </summary>
struct Walk
{
    public nint Count, Then, Step, Parts, Gap;
    public nint JumpA, JumpB, JumpC, JumpD, JumpE, JumpF;

    /// <summary>Neighbouring elements.</summary>
    public static Walk Along(nint count) => new() { Count = count, Step = 1, Parts = 1 };

    /// <summary>Blocks that are `stride` elements apart, in all rows.</summary>
    public static Walk Through(nint count, nint parts, nint stride) => new()
    {
        Count = count, Then = count, Step = 1, Parts = parts,
        JumpA = stride, JumpB = stride, JumpC = stride, JumpD = stride, JumpE = stride, JumpF = stride,
    };

    /// <summary>Rows of x and, as their continuation, rows of h, whose weights begin `gap` elements behind those of x.</summary>
    public static unsafe Walk Both<E>(in Rows<E> x, nint xCount, in Rows<E> h, nint hCount, nint gap) where E : unmanaged => new()
    {
        Count = xCount, Then = hCount, Step = 1, Parts = 2, Gap = gap,
        JumpA = (nint)(h.A - x.A), JumpB = (nint)(h.B - x.B), JumpC = (nint)(h.C - x.C),
        JumpD = (nint)(h.D - x.D), JumpE = (nint)(h.E_ - x.E_), JumpF = (nint)(h.F - x.F),
    };
}
