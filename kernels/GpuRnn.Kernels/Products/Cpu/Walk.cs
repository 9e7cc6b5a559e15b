namespace GpuRnn.Kernels.Products;

/// <summary>
/// How the elements of a tile's rows lie: k runs over Parts blocks, the first of Count elements and the others of Then, Step apart. From
/// block to block every row jumps, and the packed matrix beside them, which has a group of vectors for every k, skips Gap elements.
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
