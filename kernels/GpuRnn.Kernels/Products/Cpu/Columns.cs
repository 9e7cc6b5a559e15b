using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// out = (out or 0) + a w for a tile of rows and up to four vectors of neighbouring columns. The matrix is packed in blocks of four
/// vectors, [block][k][columns of the block]; the last block may be narrower.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="A">How rows are stored.</typeparam>
/// <typeparam name="W">How the matrix is stored.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
[SkipLocalsInit]
static unsafe class Columns<E, A, W, L>
    where E : unmanaged, IFloatingPointIeee754<E>
    where A : unmanaged, IStored<A, E>
    where W : unmanaged, IStored<W, E>
    where L : struct, IVector<L, E>
{
    /// <summary>Vectors a block.</summary>
    const int BlockVectors = 4;

    /// <summary>Rows of a full tile.</summary>
    public static int MostRows => L.TileRows;

    /// <summary>The packed weights of the vectors from `vector` on that lie in one block and before `end`.</summary>
    public static W* Block(W* packed, int vectors, nint k, int vector, int end, out int n, out nint stride)
    {
        int block = vector / BlockVectors * BlockVectors;
        n = Math.Min(block + BlockVectors, end) - vector;
        stride = Math.Min(BlockVectors, vectors - block) * L.Width;
        return packed + block * L.Width * k + (vector - block) * L.Width;
    }

    /// <summary>count: elements from the first column to the end of a row of the output; what is behind is not touched.</summary>
    public static void Run(int rows, int vectors, in Rows<A> a, in Walk walk, W* w, nint wStride, bool add, in Rows<E> output, int count)
    {
        int wide = vectors * L.Width;
        if (count >= wide)
        {
            if (add) Whole(rows, vectors, a, walk, w, wStride, output, output);
            else Whole(rows, vectors, a, walk, w, wStride, default, output);
            return;
        }
        E* whole = stackalloc E[6 * 4 * 16];
        Rows<E> padded = Rows<E>.Strided(whole, wide);
        if (add) for (int i = 0; i < rows; i++) Native.Copy(output.At(i), padded.At(i), count);
        if (add) Whole(rows, vectors, a, walk, w, wStride, padded, padded);
        else Whole(rows, vectors, a, walk, w, wStride, default, padded);
        for (int i = 0; i < rows; i++) Native.Copy(padded.At(i), output.At(i), count);
    }

    static void Whole(int rows, int vectors, in Rows<A> a, in Walk walk, W* w, nint wStride, in Rows<E> init, in Rows<E> output)
    {
        switch (vectors)
        {
            case 4: Product<E, A, W, L, Slots4<L>, AllSlots<Slots4<L>, L>>.Run(rows, a, walk, w, wStride, init, output); break;
            case 3: Product<E, A, W, L, Slots3<L>, AllSlots<Slots3<L>, L>>.Run(rows, a, walk, w, wStride, init, output); break;
            case 2: Product<E, A, W, L, Slots2<L>, AllSlots<Slots2<L>, L>>.Run(rows, a, walk, w, wStride, init, output); break;
            default: Product<E, A, W, L, Slots1<L>, AllSlots<Slots1<L>, L>>.Run(rows, a, walk, w, wStride, init, output); break;
        }
    }
}
