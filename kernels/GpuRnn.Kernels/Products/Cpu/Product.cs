using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// The only inner loops of the engine on a CPU: a register tile, output = init + a * w. Every element of a result is one chain of fused
/// multiply-adds in the order of k, whatever the shape of the tile, so results do not depend on how work is cut.
/// </summary>
/// <remarks>
/// A method holds one loop and little else: the compiler's inliner has a budget a method, and sums whose address leaves it live in memory.
/// Sums pass from one product to the next through first-level cache, exactly.
/// </remarks>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="A">How rows are stored.</typeparam>
/// <typeparam name="W">How weights are stored.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
/// <typeparam name="S">The vectors of one row of the tile.</typeparam>
/// <typeparam name="TRange">Which of them this product adds to; w has them side by side for each k.</typeparam>
static unsafe class Product<E, A, W, L, S, TRange>
    where E : unmanaged, IFloatingPointIeee754<E>
    where A : unmanaged, IStored<A, E>
    where W : unmanaged, IStored<W, E>
    where L : struct, IVector<L, E>
    where S : struct, ISlots<S, L>
    where TRange : struct, IRange
{
    /// <summary>Rows of a full tile: those of a four-vector tile, or up to six where a row is narrower.</summary>
    public static int MostRows => Math.Clamp(L.TileRows * 4 / (S.Count * L.Registers), 1, 6);

    /// <summary>Groups of vectors that one row takes at a time, for one group alone has too few sums to hide an FMA's latency.</summary>
    public static int MostGroups => S.Count * L.Registers > 2 ? 2 : 6;

    /// <summary>Several rows, one group of vectors. `wStride` elements from k to k; init.A null for zero.</summary>
    public static void Run(int rows, in Rows<A> a, in Walk walk, W* w, nint wStride, in Rows<E> init, in Rows<E> output)
    {
        switch (rows)
        {
            case 6: Tile<Rows6>(a, walk, w, wStride, init, output); break;
            case 5: Tile<Rows5>(a, walk, w, wStride, init, output); break;
            case 4: Tile<Rows4>(a, walk, w, wStride, init, output); break;
            case 3: Tile<Rows3>(a, walk, w, wStride, init, output); break;
            case 2: Tile<Rows2>(a, walk, w, wStride, init, output); break;
            default: Tile<Rows1>(a, walk, w, wStride, init, output); break;
        }
    }

    /// <summary>One row, several groups of vectors whose weights are `groupStride` elements apart.</summary>
    public static void RunGroups(int groups, A* a, in Walk walk, W* w, nint wStride, nint groupStride, in Rows<E> init, in Rows<E> output)
    {
        switch (groups)
        {
            case 6: Groups<Rows6>(a, walk, w, wStride, groupStride, init, output); break;
            case 5: Groups<Rows5>(a, walk, w, wStride, groupStride, init, output); break;
            case 4: Groups<Rows4>(a, walk, w, wStride, groupStride, init, output); break;
            case 3: Groups<Rows3>(a, walk, w, wStride, groupStride, init, output); break;
            case 2: Groups<Rows2>(a, walk, w, wStride, groupStride, init, output); break;
            default: Groups<Rows1>(a, walk, w, wStride, groupStride, init, output); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static S Load(E* p) => S.Load(new Pointer<E, L> { At = p }, 0, S.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static S Weights(W* p) => S.Load(new GroupPointer<W, E, L, TRange> { At = p }, TRange.First, TRange.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static S Fma(S sum, S w, L x) => S.Fma(sum, w, x, TRange.First, TRange.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(E* p, S sum) => S.Store(new Pointer<E, L> { At = p }, sum, 0, S.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<R>(in Rows<A> a, in Walk walk, W* w, nint wStride, in Rows<E> init, in Rows<E> output) where R : struct, IRows
    {
        S s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        if (init.A != null)
        {
            s0 = Load(init.A);
            if (R.Count > 1) s1 = Load(init.B);
            if (R.Count > 2) s2 = Load(init.C);
            if (R.Count > 3) s3 = Load(init.D);
            if (R.Count > 4) s4 = Load(init.E_);
            if (R.Count > 5) s5 = Load(init.F);
        }
        A* a0 = a.A, a1 = a.B, a2 = a.C, a3 = a.D, a4 = a.E_, a5 = a.F;
        nint k = walk.Count * wStride, step = walk.Step;
        for (nint parts = walk.Parts; ; k = walk.Then * wStride)
        {
            W* end = w + k;
            for (nint i = 0; w < end; w += wStride, i += step)
            {
                S v = Weights(w);
                s0 = Fma(s0, v, L.Of(A.Read(a0 + i)));
                if (R.Count > 1) s1 = Fma(s1, v, L.Of(A.Read(a1 + i)));
                if (R.Count > 2) s2 = Fma(s2, v, L.Of(A.Read(a2 + i)));
                if (R.Count > 3) s3 = Fma(s3, v, L.Of(A.Read(a3 + i)));
                if (R.Count > 4) s4 = Fma(s4, v, L.Of(A.Read(a4 + i)));
                if (R.Count > 5) s5 = Fma(s5, v, L.Of(A.Read(a5 + i)));
            }
            if (--parts <= 0) break;
            w += walk.Gap;
            a0 += walk.JumpA;
            if (R.Count > 1) a1 += walk.JumpB;
            if (R.Count > 2) a2 += walk.JumpC;
            if (R.Count > 3) a3 += walk.JumpD;
            if (R.Count > 4) a4 += walk.JumpE;
            if (R.Count > 5) a5 += walk.JumpF;
        }
        Store(output.A, s0);
        if (R.Count > 1) Store(output.B, s1);
        if (R.Count > 2) Store(output.C, s2);
        if (R.Count > 3) Store(output.D, s3);
        if (R.Count > 4) Store(output.E_, s4);
        if (R.Count > 5) Store(output.F, s5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Groups<R>(A* a, in Walk walk, W* w, nint wStride, nint groupStride, in Rows<E> init, in Rows<E> output)
        where R : struct, IRows
    {
        S s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        if (init.A != null)
        {
            s0 = Load(init.A);
            if (R.Count > 1) s1 = Load(init.B);
            if (R.Count > 2) s2 = Load(init.C);
            if (R.Count > 3) s3 = Load(init.D);
            if (R.Count > 4) s4 = Load(init.E_);
            if (R.Count > 5) s5 = Load(init.F);
        }
        nint k = walk.Count * wStride, step = walk.Step, next = walk.JumpA;
        for (nint parts = walk.Parts; parts > 0; parts--, a += next)
        {
            W* end = w + k;
            for (nint i = 0; w < end; w += wStride, i += step)
            {
                L x = L.Of(A.Read(a + i));
                s0 = Fma(s0, Weights(w), x);
                if (R.Count > 1) s1 = Fma(s1, Weights(w + groupStride), x);
                if (R.Count > 2) s2 = Fma(s2, Weights(w + 2 * groupStride), x);
                if (R.Count > 3) s3 = Fma(s3, Weights(w + 3 * groupStride), x);
                if (R.Count > 4) s4 = Fma(s4, Weights(w + 4 * groupStride), x);
                if (R.Count > 5) s5 = Fma(s5, Weights(w + 5 * groupStride), x);
            }
        }
        Store(output.A, s0);
        if (R.Count > 1) Store(output.B, s1);
        if (R.Count > 2) Store(output.C, s2);
        if (R.Count > 3) Store(output.D, s3);
        if (R.Count > 4) Store(output.E_, s4);
        if (R.Count > 5) Store(output.F, s5);
    }
}
