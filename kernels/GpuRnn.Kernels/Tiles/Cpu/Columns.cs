using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Tiles.Cpu;

/// <summary>
/// out = (out or 0) + a w for a tile of rows and up to four vectors of neighbouring columns. The matrix is packed in blocks of four
/// vectors, [block][k][columns of the block]; the last block may be narrower.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
static unsafe class Columns<E, L> where E : unmanaged where L : struct, IVector<L, E>
{
    /// <summary>Vectors a block.</summary>
    public const int BlockVectors = 4;

    /// <summary>Elements of a packed matrix of `columns` columns and k rows.</summary>
    public static long PackedLength(int columns, long k) => (columns + L.Width - 1) / L.Width * L.Width * k;

    /// <summary>The packed weights of the vectors from `vector` on that lie in one block and before `end`.</summary>
    public static E* Block(E* packed, int vectors, nint k, int vector, int end, out int n, out nint stride)
    {
        int block = vector / BlockVectors * BlockVectors;
        n = Math.Min(block + BlockVectors, end) - vector;
        stride = Math.Min(BlockVectors, vectors - block) * L.Width;
        return packed + block * L.Width * k + (vector - block) * L.Width;
    }

    /// <summary>Rows of a full tile.</summary>
    public static int MostRows => L.TileRows;

    public static void Run(int rows, int vectors, in Rows<E> a, in Walk walk, E* w, nint wStride, bool add, in Rows<E> output, int count)
    {
        switch (vectors)
        {
            case 4: Run<Slots4<L>>(rows, a, walk, w, wStride, add, output, count); break;
            case 3: Run<Slots3<L>>(rows, a, walk, w, wStride, add, output, count); break;
            case 2: Run<Slots2<L>>(rows, a, walk, w, wStride, add, output, count); break;
            default: Run<Slots1<L>>(rows, a, walk, w, wStride, add, output, count); break;
        }
    }

    static void Run<S>(int rows, in Rows<E> a, in Walk walk, E* w, nint wStride, bool add, in Rows<E> output, int count)
        where S : struct, ISlots<S, L>
    {
        switch (rows)
        {
            case 6: Tile<S, Rows6>(a, walk, w, wStride, add, output, count); break;
            case 5: Tile<S, Rows5>(a, walk, w, wStride, add, output, count); break;
            case 4: Tile<S, Rows4>(a, walk, w, wStride, add, output, count); break;
            case 3: Tile<S, Rows3>(a, walk, w, wStride, add, output, count); break;
            case 2: Tile<S, Rows2>(a, walk, w, wStride, add, output, count); break;
            default: Tile<S, Rows1>(a, walk, w, wStride, add, output, count); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<S, R>(in Rows<E> a, in Walk walk, E* w, nint wStride, bool add, in Rows<E> output, int count)
        where S : struct, ISlots<S, L> where R : struct, IRows
    {
        S s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        if (add)
        {
            s0 = Load<S>(output.A, count);
            if (R.Count > 1) s1 = Load<S>(output.B, count);
            if (R.Count > 2) s2 = Load<S>(output.C, count);
            if (R.Count > 3) s3 = Load<S>(output.D, count);
            if (R.Count > 4) s4 = Load<S>(output.E_, count);
            if (R.Count > 5) s5 = Load<S>(output.F, count);
        }
        Product<E, L, S>.Accumulate<R>(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, a, walk, w, wStride, 0, S.Count);
        Store(output.A, s0, count);
        if (R.Count > 1) Store(output.B, s1, count);
        if (R.Count > 2) Store(output.C, s2, count);
        if (R.Count > 3) Store(output.D, s3, count);
        if (R.Count > 4) Store(output.E_, s4, count);
        if (R.Count > 5) Store(output.F, s5, count);
    }

    static S Load<S>(E* p, int count) where S : struct, ISlots<S, L>
    {
        if (count >= S.Count * L.Width) return S.Load(new Pointer<E, L>(p), 0, S.Count);
        E* whole = stackalloc E[S.Count * L.Width];
        for (int i = 0; i < S.Count * L.Width; i++) whole[i] = i < count ? p[i] : default;
        return S.Load(new Pointer<E, L>(whole), 0, S.Count);
    }

    static void Store<S>(E* p, S s, int count) where S : struct, ISlots<S, L>
    {
        if (count >= S.Count * L.Width) S.Store(new Pointer<E, L>(p), s, 0, S.Count);
        else
        {
            E* whole = stackalloc E[S.Count * L.Width];
            S.Store(new Pointer<E, L>(whole), s, 0, S.Count);
            for (int i = 0; i < count; i++) p[i] = whole[i];
        }
    }
}
