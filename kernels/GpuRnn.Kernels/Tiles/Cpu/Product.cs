using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Tiles.Cpu;

/// <summary>
/// The only inner loops of the engine on a CPU: a register tile, sum += a * w. Every element of a result is one chain of fused
/// multiply-adds in the order of k, whatever the shape of the tile, so results do not depend on how work is cut.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
/// <typeparam name="S">The vectors of one row of the tile.</typeparam>
static unsafe class Product<E, L, S>
    where E : unmanaged
    where L : struct, IVector<L, E>
    where S : struct, ISlots<S, L>
{
    /// <summary>Rows of a full tile: those of a four-vector tile, or more where a row is narrower.</summary>
    public static int MostRows => L.TileRows * 4 / S.Count > 6 ? 6 : L.TileRows * 4 / S.Count;

    /// <summary>
    /// Several rows, one group of vectors: w holds, for each k, the vectors [first, first + count) side by side, `wStride` elements
    /// from k to k.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate<R>(ref S s0, ref S s1, ref S s2, ref S s3, ref S s4, ref S s5,
        in Rows<E> rows, in Walk walk, E* w, nint wStride, int first, int count) where R : struct, IRows
    {
        E* a0 = rows.A, a1 = rows.B, a2 = rows.C, a3 = rows.D, a4 = rows.E_, a5 = rows.F;
        nint k = walk.Count, step = walk.Step, next = walk.PartStride;
        for (nint parts = walk.Parts; parts > 0; parts--)
        {
            E* end = w + k * wStride;
            for (nint i = 0; w < end; w += wStride, i += step)
            {
                S v = S.Load(new Pointer<E, L>(w), first, count);
                s0 = S.Fma(s0, v, L.Of(a0[i]), first, count);
                if (R.Count > 1) s1 = S.Fma(s1, v, L.Of(a1[i]), first, count);
                if (R.Count > 2) s2 = S.Fma(s2, v, L.Of(a2[i]), first, count);
                if (R.Count > 3) s3 = S.Fma(s3, v, L.Of(a3[i]), first, count);
                if (R.Count > 4) s4 = S.Fma(s4, v, L.Of(a4[i]), first, count);
                if (R.Count > 5) s5 = S.Fma(s5, v, L.Of(a5[i]), first, count);
            }
            a0 += next; a1 += next; a2 += next; a3 += next; a4 += next; a5 += next;
        }
    }

    /// <summary>One row, several groups of vectors that are `groupStride` apart: one row of one group has too few sums to hide an FMA's latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AccumulateGroups<R>(ref S s0, ref S s1, ref S s2, ref S s3, ref S s4, ref S s5,
        E* a, in Walk walk, E* w, nint wStride, nint groupStride, int first, int count) where R : struct, IRows
    {
        nint k = walk.Count, step = walk.Step, next = walk.PartStride;
        for (nint parts = walk.Parts; parts > 0; parts--, a += next)
        {
            E* end = w + k * wStride;
            for (nint i = 0; w < end; w += wStride, i += step)
            {
                L x = L.Of(a[i]);
                E* g = w;
                s0 = S.Fma(s0, S.Load(new Pointer<E, L>(g), first, count), x, first, count);
                if (R.Count > 1) s1 = S.Fma(s1, S.Load(new Pointer<E, L>(g + groupStride), first, count), x, first, count);
                if (R.Count > 2) s2 = S.Fma(s2, S.Load(new Pointer<E, L>(g + 2 * groupStride), first, count), x, first, count);
                if (R.Count > 3) s3 = S.Fma(s3, S.Load(new Pointer<E, L>(g + 3 * groupStride), first, count), x, first, count);
                if (R.Count > 4) s4 = S.Fma(s4, S.Load(new Pointer<E, L>(g + 4 * groupStride), first, count), x, first, count);
                if (R.Count > 5) s5 = S.Fma(s5, S.Load(new Pointer<E, L>(g + 5 * groupStride), first, count), x, first, count);
            }
        }
    }
}
