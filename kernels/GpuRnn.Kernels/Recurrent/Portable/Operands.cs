using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>
/// Rows of steps from one on, so many sequences each: row q is sequence Row0 + q % Sequences at step Step + q / Sequences. It may have
/// ended before.
/// </summary>
struct RowSpan
{
    public int Step, Row0, Row1, Sequences;

    /// <summary>The sequences of a part at steps [first, last).</summary>
    public static RowSpan Of(in Part part, int first) =>
        new() { Step = first, Row0 = part.Row0, Row1 = part.Row1, Sequences = part.Row1 - part.Row0 };

    /// <summary>The sequences of one step: q is the sequence.</summary>
    public static RowSpan Of(int step, int end) => new() { Step = step, Row0 = 0, Row1 = end, Sequences = int.MaxValue };

    /// <summary>Does it live? Where it is.</summary>
    public readonly bool Find<E>(in SequenceArguments<E> a, int q, out int step, out int r) where E : unmanaged, IFloatingPointIeee754<E>
    {
        int later = q / Sequences;
        step = Step + later;
        r = Row0 + q - later * Sequences;
        return r < Row1 && r < a.Active[step];
    }
}

/// <summary>x.</summary>
readonly struct InputRows<E>(RowSpan rows, Buffer<E> x) : IRowOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly RowSpan rows = rows;
    readonly Buffer<E> x = x;

    public static bool AlongK => true;

    public int Base(in SequenceArguments<E> a, int row) =>
        rows.Find(in a, row, out int step, out int r) ? (a.Start[r] + step * a.RowStep) * a.XStride : ~0;

    public E At(in SequenceArguments<E> a, int at, int k) => x[at + k];
}

/// <summary>What the hidden product of a step reads: h of the step before, or what the stage before made.</summary>
readonly struct StageRows<E, TPlace>(int step, Buffer<E> from) : IRowOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where TPlace : struct, IPlace
{
    readonly int step = step;
    readonly Buffer<E> from = from;

    public static StageRows<E, TPlace> At(in SequenceArguments<E> a, int step) =>
        new(step, !TPlace.IsFirst ? TPlace.Of(in a).Operand : step > 0 ? a.Y : a.H0.Length > 0 ? a.H0 : TPlace.Of(in a).Bias);

    public static bool AlongK => true;

    public int Base(in SequenceArguments<E> a, int row)
    {
        if (!TPlace.IsFirst) return (a.Offset[step] + row) * TPlace.Of(in a).Operands;
        if (step > 0) return (a.Start[row] + (step - 1) * a.RowStep) * a.YStride;
        return a.H0.Length > 0 ? a.Slot[row] * a.Outputs : ~0;
    }

    public E At(in SequenceArguments<E> a, int at, int k) => from[at + k];
}

/// <summary>h of the step before.</summary>
static class HiddenRow<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    public static E Read(in SequenceArguments<E> a, int r, int step, int k)
    {
        if (step > 0) return a.Y[(a.Start[r] + (step - 1) * a.RowStep) * a.YStride + k];
        return First(in a, a.Slot[r], k);
    }

    /// <summary>The one that a sequence begins with, by its row of state arrays.</summary>
    public static E First(in SequenceArguments<E> a, int slot, int k) =>
        a.H0.Length > 0 ? a.H0[slot * a.Outputs + k] : L.Value(L.Splat(0));
}

/// <summary>Gate gradients of slots [First, First + Count): k runs over panels, slots and units of a panel.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="G">How gates are stored.</typeparam>
readonly struct GateRows<E, G>(RowSpan rows, Buffer<G> gates, int stride, int slots, int first, int count)
    : IRowOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where G : unmanaged, IStored<G, E>
{
    readonly RowSpan rows = rows;
    readonly Buffer<G> gates = gates;
    readonly int stride = stride, slots = slots, first = first, count = count, share = 65536 / (count > 0 ? count : 1) + 1;

    public static bool AlongK => true;

    public int Base(in SequenceArguments<E> a, int row) =>
        rows.Find(in a, row, out int step, out int r) ? (a.Offset[step] + r) * PortableShape.Width : ~0;

    public E At(in SequenceArguments<E> a, int at, int k)
    {
        // vector / count, which for a count of 3 would be a division: right for 16384 vectors, and 32-bit indices end before half as many
        int vector = k / PortableShape.Width, panel = vector * share >> 16, slot = first + vector - panel * count;
        int lane = k & PortableShape.Width - 1;
        return G.Value(gates[(panel * stride + at) * slots + slot * PortableShape.Width + lane]);
    }
}

/// <summary>Packed weights, or gate rows: `columns` numbers side by side for each k, `pitch` from one k to the next.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="W">How they are stored.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="TArguments">The launch's arguments.</typeparam>
readonly struct PackedColumns<E, W, L, TArguments>(Buffer<W> weights, int at, int pitch, int columns) : IColumnOperand<E, TArguments>
    where E : unmanaged, IFloatingPointIeee754<E> where W : unmanaged, IStored<W, E> where L : struct, IScalar<L, E>
    where TArguments : struct
{
    readonly ArrayView<Quad<W>> weights = weights.View.Cast<Quad<W>>();
    readonly int at = at / 4, pitch = pitch / 4, columns = columns;

    public bool Has(int column) => column < columns;

    public Quad<E> At(in TArguments a, int k, int column)
    {
        Quad<W> w = weights[at + k * pitch + column / 4];
        return new() { A = W.Value(w.A), B = W.Value(w.B), C = W.Value(w.C), D = W.Value(w.D) };
    }
}
