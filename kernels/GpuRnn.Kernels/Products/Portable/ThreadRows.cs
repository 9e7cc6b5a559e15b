using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Products;

/// <summary>What happens to each row of a thread, by the arguments of the launch.</summary>
interface IRowVisit<TArguments, S> where TArguments : struct where S : struct
{
    void Row(in TArguments a, ref S slots, int row);
}

/// <summary>
/// The slots of a thread's rows, in registers: a GPU has no arrays there, so rows double by types. <see cref="Two{T, E, L, S}"/> of Two of
/// <see cref="One{E, L, S}"/> are four rows.
/// </summary>
/// <typeparam name="TSelf">The rows themselves.</typeparam>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="S">The slots of one row.</typeparam>
interface IThreadRows<TSelf, E, L, S>
    where TSelf : struct, IThreadRows<TSelf, E, L, S>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IScalar<L, E>
    where S : struct, ISlots<S, L>
{
    /// <summary>How many there are.</summary>
    static abstract int Count { get; }

    /// <summary>The same slots in every row.</summary>
    static abstract void Fill(ref TSelf rows, S slots);

    /// <summary>
    /// sum + w * x in slots [first, first + count) of every row; x of the first is in shared memory at `at`, `stride` elements from row to
    /// row.
    /// </summary>
    static abstract void Fma(ref TSelf rows, S w, ArrayView<E> x, int at, int stride, int first, int count);

    /// <summary>sum + other in slots [first, first + count) of every row.</summary>
    static abstract void Add(ref TSelf rows, ref TSelf other, int first, int count);

    /// <summary>Visits rows; `row` is the number of the first.</summary>
    static abstract void Each<TArguments, TVisit>(ref TSelf rows, in TArguments a, TVisit visit, int row)
        where TArguments : struct where TVisit : struct, IRowVisit<TArguments, S>;
}

/// <summary>One row.</summary>
struct One<E, L, S> : IThreadRows<One<E, L, S>, E, L, S>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where S : struct, ISlots<S, L>
{
    S slots;

    public static int Count => 1;

    public static void Fill(ref One<E, L, S> rows, S slots) => rows.slots = slots;

    public static void Fma(ref One<E, L, S> rows, S w, ArrayView<E> x, int at, int stride, int first, int count) =>
        rows.slots = S.Fma(rows.slots, w, L.Of(x[at]), first, count);

    public static void Add(ref One<E, L, S> rows, ref One<E, L, S> other, int first, int count) =>
        rows.slots = S.Fma(rows.slots, other.slots, L.Splat(1), first, count);

    public static void Each<TArguments, TVisit>(ref One<E, L, S> rows, in TArguments a, TVisit visit, int row)
        where TArguments : struct where TVisit : struct, IRowVisit<TArguments, S> => visit.Row(in a, ref rows.slots, row);
}

/// <summary>Twice as many rows.</summary>
struct Two<T, E, L, S> : IThreadRows<Two<T, E, L, S>, E, L, S>
    where T : struct, IThreadRows<T, E, L, S>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IScalar<L, E>
    where S : struct, ISlots<S, L>
{
    T low, high;

    public static int Count => 2 * T.Count;

    public static void Fill(ref Two<T, E, L, S> rows, S slots)
    {
        T.Fill(ref rows.low, slots);
        T.Fill(ref rows.high, slots);
    }

    public static void Fma(ref Two<T, E, L, S> rows, S w, ArrayView<E> x, int at, int stride, int first, int count)
    {
        T.Fma(ref rows.low, w, x, at, stride, first, count);
        T.Fma(ref rows.high, w, x, at + T.Count * stride, stride, first, count);
    }

    public static void Add(ref Two<T, E, L, S> rows, ref Two<T, E, L, S> other, int first, int count)
    {
        T.Add(ref rows.low, ref other.low, first, count);
        T.Add(ref rows.high, ref other.high, first, count);
    }

    public static void Each<TArguments, TVisit>(ref Two<T, E, L, S> rows, in TArguments a, TVisit visit, int row)
        where TArguments : struct where TVisit : struct, IRowVisit<TArguments, S>
    {
        T.Each(ref rows.low, in a, visit, row);
        T.Each(ref rows.high, in a, visit, row + T.Count);
    }
}

/// <summary>The rows of a thread: see <see cref="PortableShape.RowsAThread"/>.</summary>
struct ThreadRows<E, L, S> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where S : struct, ISlots<S, L>
{
    Two<Two<One<E, L, S>, E, L, S>, E, L, S> rows;

    /// <summary>See <see cref="IThreadRows{TSelf, E, L, S}.Fill"/>.</summary>
    public static void Fill(ref ThreadRows<E, L, S> of, S slots) => Two<Two<One<E, L, S>, E, L, S>, E, L, S>.Fill(ref of.rows, slots);

    /// <summary>See <see cref="IThreadRows{TSelf, E, L, S}.Fma"/>.</summary>
    public static void Fma(ref ThreadRows<E, L, S> of, S w, ArrayView<E> x, int at, int stride, int first, int count) =>
        Two<Two<One<E, L, S>, E, L, S>, E, L, S>.Fma(ref of.rows, w, x, at, stride, first, count);

    /// <summary>See <see cref="IThreadRows{TSelf, E, L, S}.Add"/>.</summary>
    public static void Add(ref ThreadRows<E, L, S> of, ref ThreadRows<E, L, S> other, int first, int count) =>
        Two<Two<One<E, L, S>, E, L, S>, E, L, S>.Add(ref of.rows, ref other.rows, first, count);

    /// <summary>See <see cref="IThreadRows{TSelf, E, L, S}.Each"/>.</summary>
    public static void Each<TArguments, TVisit>(ref ThreadRows<E, L, S> of, in TArguments a, TVisit visit, int row)
        where TArguments : struct where TVisit : struct, IRowVisit<TArguments, S> =>
        Two<Two<One<E, L, S>, E, L, S>, E, L, S>.Each(ref of.rows, in a, visit, row);
}
