using GpuRnn.Kernels.Lanes;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Products;

/// <summary>An operand of a product as rows: element k of row r.</summary>
interface IRowOperand<E, TArguments> where E : unmanaged, IFloatingPointIeee754<E> where TArguments : struct
{
    /// <summary>Are neighbours in memory neighbours in k? Else they are neighbouring rows.</summary>
    static abstract bool AlongK { get; }
    /// <summary>
    /// What <see cref="At"/> wants to know of a row: found once for all k, not negative. For a row of zeros the complement of one that may
    /// be read instead.
    /// </summary>
    int Base(in TArguments a, int row);
    /// <summary>An element. It is read for rows of zeros too, with k = 0, and not used.</summary>
    E At(in TArguments a, int at, int k);
}

/// <summary>An operand as columns: element k of four neighbours.</summary>
interface IColumnOperand<E, TArguments> where E : unmanaged, IFloatingPointIeee754<E> where TArguments : struct
{
    /// <summary>Are there columns [column, column + 4)? Others are zeros.</summary>
    bool Has(int column);
    /// <summary>Elements k of them. Those of k = 0 and column 0 are read where there are none, and not used.</summary>
    Quad<E> At(in TArguments a, int k, int column);
}

/// <summary>
/// The product of any GPU. Both operands are staged through shared memory, in wide loads whose latency passes while the summands before
/// them are multiplied. A tile's sums are those of its slices, each in the order of k; which summands a slice has depends on their number
/// and on the type of the tile alone.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="TShape">The tile.</typeparam>
/// <typeparam name="TArguments">What operands read from.</typeparam>
static class TileProduct<E, L, TShape, TArguments>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IScalar<L, E>
    where TShape : struct, ITileShape
    where TArguments : struct
{
    static int Threads => PortableShape.Threads;

    /// <summary>
    /// `count` summands of the sums of a tile, whose slices are left in the group's memory for <see cref="At"/>. All threads take part.
    /// </summary>
    /// <param name="memory">The group's.</param>
    /// <param name="a">The arguments.</param>
    /// <param name="rows">Rows [row0, end), one at least and no more than the tile's; those behind are zeros.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="row0">First row.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="count">Summands.</param>
    public static void Run<TRows, TColumns>(
        in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int row0, int end, int count)
        where TRows : struct, IRowOperand<E, TArguments> where TColumns : struct, IColumnOperand<E, TArguments>
    {
        if (Group.IdxX < Tiling<E, TShape>.Rows)
        {
            int row = row0 + Group.IdxX;
            int at = rows.Base(a, row < end ? row : row0);
            memory.Bases[Group.IdxX] = row < end | at < 0 ? at : ~at;
        }
        Group.Barrier(); // and whoever read the sums of the product before has done so
        int share = (count + Tiling<E, TShape>.Slices - 1) / Tiling<E, TShape>.Slices;
        if (share > Tiling<E, TShape>.Depth) share = Tiling<E, TShape>.Depth;
        int slice = Group.IdxX / Tiling<E, TShape>.SliceThreads, inside = Group.IdxX & Tiling<E, TShape>.SliceThreads - 1;
        int row4 = inside & Tiling<E, TShape>.Rows / 4 - 1, column4 = inside / (Tiling<E, TShape>.Rows / 4);
        ArrayView<Quad<E>> staged = memory.Quads<E>();
        int w = slice * Tiling<E, TShape>.Depth * (Tiling<E, TShape>.Columns / 4) + column4;
        int x = (Tiling<E, TShape>.ColumnElements + slice * Tiling<E, TShape>.Depth * Tiling<E, TShape>.Pitch) / 4 + row4;
        Sums<E, L> sums = default;
        Sums<E, L>.Clear(ref sums);
        Quads<E> nextColumns = default, nextRows = default;
        int there = 0;
        if (count > 0) Fetch(ref nextColumns, ref nextRows, ref there, memory, a, rows, columns, 0, share, count);
        for (int k0 = 0; k0 < count; k0 += share * Tiling<E, TShape>.Slices)
        {
            Put<TRows>(nextColumns, nextRows, there, memory);
            Group.Barrier();
            int next = k0 + share * Tiling<E, TShape>.Slices;
            if (next < count) Fetch(ref nextColumns, ref nextRows, ref there, memory, a, rows, columns, next, share, count);
            for (int k = 0; k < share; k++)
                Sums<E, L>.Fma(ref sums, staged[w + k * (Tiling<E, TShape>.Columns / 4)], staged[x + k * (Tiling<E, TShape>.Pitch / 4)]);
            Group.Barrier();
        }
        Sums<E, L>.Store(
            in sums, staged, (slice * Tiling<E, TShape>.Columns + column4 * 4) * (Tiling<E, TShape>.Pitch / 4) + row4,
            Tiling<E, TShape>.Pitch / 4);
        Group.Barrier();
    }

    /// <summary>A sum of the tile: its slices, in their order.</summary>
    public static L At(in GroupMemory memory, int column, int row)
    {
        ArrayView<E> sums = memory.Of<E>();
        int at = column * Tiling<E, TShape>.Pitch + row;
        L sum = L.Of(sums[at]);
        for (int slice = 1; slice < Tiling<E, TShape>.Slices; slice++)
            sum += L.Of(sums[at + slice * Tiling<E, TShape>.Columns * Tiling<E, TShape>.Pitch]);
        return sum;
    }

    /// <summary>
    /// Asks for this thread's part of the summands from k0 on, `share` of them a slice; and which of them are there, a bit each. Those that
    /// are not become zeros where they are put: here that would wait for what was asked.
    /// </summary>
    static void Fetch<TRows, TColumns>(
        ref Quads<E> c, ref Quads<E> r, ref int there, in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int k0,
        int share, int count)
        where TRows : struct, IRowOperand<E, TArguments> where TColumns : struct, IColumnOperand<E, TArguments>
    {
        int bits = 0;
        c.A = FetchColumns(0, ref bits, a, columns, k0, share, count);
        c.B = FetchColumns(1, ref bits, a, columns, k0, share, count);
        c.C = FetchColumns(2, ref bits, a, columns, k0, share, count);
        c.D = FetchColumns(3, ref bits, a, columns, k0, share, count);
        r.A = FetchRows(0, ref bits, memory, a, rows, k0, share, count);
        r.B = FetchRows(4, ref bits, memory, a, rows, k0, share, count);
        r.C = FetchRows(8, ref bits, memory, a, rows, k0, share, count);
        r.D = FetchRows(12, ref bits, memory, a, rows, k0, share, count);
        there = bits;
    }

    // Conditions are joined without branches (|, &): ILGPU's compile time grows with the square of a kernel's blocks. Loads stand under
    // none, at a place that exists: PoCL lets LLVM make conditional loads unconditional, and a masked index would end the process. That
    // place is chosen without a branch too, or ILGPU makes two loads into one register, the second of which waits for the first.
    static Quad<E> FetchColumns<TColumns>(int turn, ref int there, in TArguments a, TColumns columns, int k0, int share, int count)
        where TColumns : struct, IColumnOperand<E, TArguments>
    {
        if (turn * Threads * 4 >= Tiling<E, TShape>.ColumnElements) return default;
        int i = turn * Threads + Group.IdxX, quads = Tiling<E, TShape>.Columns / 4, column = (i & quads - 1) * 4, place = i / quads;
        int inside = place & Tiling<E, TShape>.Depth - 1, k = k0 + place / Tiling<E, TShape>.Depth * share + inside;
        bool has = inside < share & k < count & i * 4 < Tiling<E, TShape>.ColumnElements & columns.Has(column);
        there |= Utilities.Select(has, 1 << turn, 0);
        return columns.At(a, Utilities.Select(has, k, 0), Utilities.Select(has, column, 0));
    }

    static Quad<E> FetchRows<TRows>(
        int turn, ref int there, in GroupMemory memory, in TArguments a, TRows rows, int k0, int share, int count)
        where TRows : struct, IRowOperand<E, TArguments> => new()
        {
            A = FetchRow(turn, ref there, memory, a, rows, k0, share, count),
            B = FetchRow(turn + 1, ref there, memory, a, rows, k0, share, count),
            C = FetchRow(turn + 2, ref there, memory, a, rows, k0, share, count),
            D = FetchRow(turn + 3, ref there, memory, a, rows, k0, share, count),
        };

    static E FetchRow<TRows>(int turn, ref int there, in GroupMemory memory, in TArguments a, TRows rows, int k0, int share, int count)
        where TRows : struct, IRowOperand<E, TArguments>
    {
        if (turn * Threads >= Tiling<E, TShape>.RowElements) return L.Value(L.Splat(0));
        int i = turn * Threads + Group.IdxX, place = Place<TRows>(i), inside = place & Tiling<E, TShape>.Depth - 1;
        int k = k0 + place / Tiling<E, TShape>.Depth * share + inside, at = memory.Bases[RowOf<TRows>(i) & Tiling<E, TShape>.Rows - 1];
        bool has = inside < share & k < count & i < Tiling<E, TShape>.RowElements & at >= 0;
        there |= Utilities.Select(has, 16 << turn, 0);
        return rows.At(a, at ^ at >> 31, Utilities.Select(has, k, 0)); // ~at where it is negative
    }

    /// <summary>The row of an element that is staged.</summary>
    static int RowOf<TRows>(int i) where TRows : struct, IRowOperand<E, TArguments> =>
        TRows.AlongK ? i / (Tiling<E, TShape>.Slices * Tiling<E, TShape>.Depth) : i & Tiling<E, TShape>.Rows - 1;

    /// <summary>Its summand, counted through all slices.</summary>
    static int Place<TRows>(int i) where TRows : struct, IRowOperand<E, TArguments> =>
        TRows.AlongK ? i & Tiling<E, TShape>.Slices * Tiling<E, TShape>.Depth - 1 : i / Tiling<E, TShape>.Rows;

    static void Put<TRows>(in Quads<E> c, in Quads<E> r, int there, in GroupMemory memory) where TRows : struct, IRowOperand<E, TArguments>
    {
        PutColumns(c.A, 0, there, memory);
        PutColumns(c.B, 1, there, memory);
        PutColumns(c.C, 2, there, memory);
        PutColumns(c.D, 3, there, memory);
        PutRows<TRows>(r.A, 0, there, memory);
        PutRows<TRows>(r.B, 4, there, memory);
        PutRows<TRows>(r.C, 8, there, memory);
        PutRows<TRows>(r.D, 12, there, memory);
    }

    static void PutColumns(Quad<E> from, int turn, int there, in GroupMemory memory)
    {
        int i = turn * Threads + Group.IdxX;
        if (turn * Threads * 4 >= Tiling<E, TShape>.ColumnElements || i * 4 >= Tiling<E, TShape>.ColumnElements) return;
        bool has = (there & 1 << turn) != 0;
        E zero = L.Value(L.Splat(0));
        memory.Quads<E>()[i] = new()
        {
            A = has ? from.A : zero, B = has ? from.B : zero, C = has ? from.C : zero, D = has ? from.D : zero,
        };
    }

    static void PutRows<TRows>(Quad<E> from, int turn, int there, in GroupMemory memory) where TRows : struct, IRowOperand<E, TArguments>
    {
        PutRow<TRows>(from.A, turn, there, memory);
        PutRow<TRows>(from.B, turn + 1, there, memory);
        PutRow<TRows>(from.C, turn + 2, there, memory);
        PutRow<TRows>(from.D, turn + 3, there, memory);
    }

    static void PutRow<TRows>(E from, int turn, int there, in GroupMemory memory) where TRows : struct, IRowOperand<E, TArguments>
    {
        int i = turn * Threads + Group.IdxX;
        if (turn * Threads >= Tiling<E, TShape>.RowElements || i >= Tiling<E, TShape>.RowElements) return;
        memory.Of<E>()[Tiling<E, TShape>.ColumnElements + Place<TRows>(i) * Tiling<E, TShape>.Pitch + RowOf<TRows>(i)] =
            (there & 16 << turn) != 0 ? from : L.Value(L.Splat(0));
    }
}
