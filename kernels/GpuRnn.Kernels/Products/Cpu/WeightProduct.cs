using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// dW = (gate gradients)^T [x h]: a sum over gate rows. Columns of [x h] play the rows of a register tile, up to six at a time; the
/// gate rows of a panel are its vectors.
/// </summary>
[SkipLocalsInit]
static unsafe class WeightProduct
{
    /// <summary>Gate rows that are summed in registers before they are added to the total: a panel's 128 x 64 gradients are 32 KB, and
    /// sums in two levels lose less to rounding.</summary>
    public const int KBlock = 128;

    /// <summary>Columns that are unpacked at a time: a line of cache each.</summary>
    const int UnpackedColumns = 96;

    /// <summary>Columns of [x h] in an item of work.</summary>
    public const int Piece = 24;

    public static int Pieces(int columns) => (columns + Piece - 1) / Piece;

    public static int Column(int piece) => piece * Piece;

    /// <summary>Elements between copied rows of [x h]: an odd number of vectors, for rows must not share cache sets.</summary>
    public static int RowStride(int columns, int width) => (columns + width - 1) / width * width | width;

    /// <summary>dw [column][range's slots * W] = (dw or 0) + sum over k of xh[k][column] * gates[k].</summary>
    public static void Outer<E, G, L, S, TRange>(int columns, E* xh, nint stride, int k, G* gates, nint gateStride, E* dw, bool add)
        where E : unmanaged, IFloatingPointIeee754<E> where G : unmanaged, IStored<G, E> where L : struct, IVector<L, E>
        where S : struct, ISlots<S, L> where TRange : struct, IRange
    {
        nint step = TRange.Count * L.Width;
        Walk walk = new() { Count = k, Step = stride, Parts = 1 };
        gates += TRange.First * L.Width;
        E* z = stackalloc E[6 * S.Count * L.Width];
        Rows<E> sums = Rows<E>.Strided(z, S.Count * L.Width);
        for (int column = 0, n; column < columns; column += n)
        {
            n = Rows<E>.Next(columns - column, Product<E, Plain<E>, G, L, S, TRange>.MostRows);
            if (add) Ask(dw, n * step, L.Width / L.Registers);
            Product<E, Plain<E>, G, L, S, TRange>.Run(
                n, Rows<Plain<E>>.Strided((Plain<E>*)xh + column, 1), walk, gates, gateStride, default, sums);
            for (int i = 0; i < n; i++, dw += step) Put<E, L, S>(
                dw, S.Load(new Pointer<E, L> { At = sums.At(i) }, 0, S.Count), TRange.First, TRange.Count, add);
        }
    }

    /// <summary>The total is large and comes from far: it is on its way while the product runs.</summary>
    static void Ask<E>(E* dw, nint count, int line) where E : unmanaged
    {
        for (nint i = 0; i < count; i += line) Native.Prefetch(dw + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put<E, L, S>(E* dw, S sum, int first, int count, bool add)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E> where S : struct, ISlots<S, L>
    {
        Pointer<E, L> at = new() { At = dw };
        if (add) sum = S.Fma(sum, S.Load(at, first, count), L.Splat(1), first, count);
        S.Store(at, sum, first, count);
    }

    /// <summary>db [S * W] = (db or 0) + sum over k of gates[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bias<E, G, L, S>(int k, G* gates, nint gateStride, E* db, bool add)
        where E : unmanaged, IFloatingPointIeee754<E> where G : unmanaged, IStored<G, E> where L : struct, IVector<L, E>
        where S : struct, ISlots<S, L>
    {
        S sum = default;
        L one = L.Splat(1);
        for (int i = 0; i < k; i++, gates += gateStride)
            sum = S.Fma(sum, S.Load(new Pointer<G, E, L> { At = gates }, 0, S.Count), one, 0, S.Count);
        Put<E, L, S>(db, sum, 0, S.Count, add);
    }

    /// <summary>
    /// Transposes a slot of a panel: element (u, c) of the target, rowStride from u to u, is from[c * step + u]. Rows are written in long
    /// runs, which the hardware foresees, of columns that the first-level cache holds meanwhile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack<E>(E* from, nint step, int units, int columns, bool zero, E* to, nint at, nint rowStride, bool add)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        if (to == null || zero && add) return;
        to += at;
        for (int n; columns > 0; columns -= n, from += n * step, to += n)
        {
            n = Math.Min(columns, UnpackedColumns);
            E* row = to;
            for (int u = 0; u < units; u++, row += rowStride)
                if (zero) Native.Clear(row, n);
                else if (add) for (int c = 0; c < n; c++) row[c] += from[c * step + u];
                else for (int c = 0; c < n; c++) row[c] = from[c * step + u];
        }
    }
}
