using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

public partial struct PortableTile<E, L, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    public static void Backward(in SequenceArguments<E> a, in Part part, int step)
    {
        int later = part.ActiveEnd(a, step + 1), end = step < 0 ? part.Row1 : part.ActiveEnd(a, step);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
            {
                Slots1<L> s0 = default, s1 = default, s2 = default, s3 = default;
                s0.A = Carried(a, panel, tile + Row, end, later, step);
                s1.A = Carried(a, panel, tile + Row + 1, end, later, step);
                s2.A = Carried(a, panel, tile + Row + 2, end, later, step);
                s3.A = Carried(a, panel, tile + Row + 3, end, later, step);
                if (tile < later && step + 1 < a.End)
                    Back<S1>(a, a.First.Gates, G1.HiddenFirst, G1.HiddenCount, tile, later, step + 1, a.First.HiddenBack, a.H, panel, ref s0, ref s1, ref s2, ref s3);
                CellBackward(a, panel, tile + Row, end, later, step, s0.A);
                CellBackward(a, panel, tile + Row + 1, end, later, step, s1.A);
                CellBackward(a, panel, tile + Row + 2, end, later, step, s2.A);
                CellBackward(a, panel, tile + Row + 3, end, later, step, s3.A);
            }
    }

    /// <summary>What the gradient of h has before the product: the caller's part where a sequence ends, what the cell carried elsewhere.</summary>
    static L Carried(in SequenceArguments<E> a, int panel, int r, int end, int later, int step)
    {
        int unit = panel * Width + Lane;
        if (r >= end || unit >= a.H) return L.Splat(0);
        bool carried = r < later ? TStep.CarriesH || step + 1 >= a.End : a.WantStates != 0;
        return carried ? L.Of(a.Dh[a.Slot[r] * a.H + unit]) : L.Splat(0);
    }

    static void CellBackward(in SequenceArguments<E> a, int panel, int r, int end, int later, int step, L dh)
    {
        int unit = panel * Width + Lane;
        if (r >= end || unit >= a.H) return;
        int slot = a.Slot[r] * a.H + unit;
        if (step < a.Begin)
        {
            a.Dh[slot] = L.Value(dh);
            if (TStep.HasC && r >= later && a.WantStates == 0) a.Dc[slot] = Zero;
            return;
        }
        int gateRow = a.Offset[step] + r, row = RowOf(a, r, step) * a.YStride + unit;
        S1 first = S1.Load(Gates<S1>(a, a.First.Gates, panel, gateRow, Lane), 0, S1.Count);
        S2 second = default;
        if (TStep.Stages > 1) second = S2.Load(Gates<S2>(a, a.Second.Gates, panel, gateRow, Lane), 0, S2.Count);
        State<L> grad = new() { H = dh, C = L.Splat(0) };
        if (a.Dy.Length > 0) grad.H += L.Of(a.Dy[row]);
        State<L> previous = Before(a, r, step, unit), now = new() { H = L.Of(a.Y[row]), C = L.Splat(0) };
        if (TStep.HasC)
        {
            if (r < later || a.WantStates != 0) grad.C = L.Of(a.Dc[slot]);
            now.C = L.Of(a.Cs[gateRow * a.H + unit]);
        }
        TStep.Backward(ref first, ref second, ref grad, previous, now);
        S1.Store(Gates<S1>(a, a.First.Gates, panel, gateRow, Lane), first, 0, S1.Count);
        if (TStep.Stages > 1) S2.Store(Gates<S2>(a, a.Second.Gates, panel, gateRow, Lane), second, 0, S2.Count);
        if (TStep.HasC) a.Dc[slot] = L.Value(grad.C);
        if (TStep.CarriesH) a.Dh[slot] = L.Value(grad.H);
    }

    static State<L> Before(in SequenceArguments<E> a, int r, int step, int unit)
    {
        State<L> state = new() { H = Hidden(a, r, step, unit), C = L.Splat(0) };
        if (!TStep.HasC) return state;
        if (step > a.Begin) state.C = L.Of(a.Cs[(a.Offset[step - 1] + r) * a.H + unit]);
        else if (a.C0.Length > 0) state.C = L.Of(a.C0[a.Slot[r] * a.H + unit]);
        return state;
    }

    /// <inheritdoc/>
    public static void BackwardSecond(in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
            {
                Slots1<L> s0 = new() { A = L.Splat(0) }, s1 = s0, s2 = s0, s3 = s0;
                Back<S2>(a, a.Second.Gates, G2.HiddenFirst, G2.HiddenCount, tile, end, step, a.Second.HiddenBack, a.H, panel, ref s0, ref s1, ref s2, ref s3);
                InnerBackward(a, panel, tile + Row, end, step, s0.A);
                InnerBackward(a, panel, tile + Row + 1, end, step, s1.A);
                InnerBackward(a, panel, tile + Row + 2, end, step, s2.A);
                InnerBackward(a, panel, tile + Row + 3, end, step, s3.A);
            }
    }

    static void InnerBackward(in SequenceArguments<E> a, int panel, int r, int end, int step, L dq)
    {
        int unit = panel * Width + Lane;
        if (r >= end || unit >= a.H) return;
        int slot = a.Slot[r] * a.H + unit, gateRow = a.Offset[step] + r;
        S1 first = S1.Load(Gates<S1>(a, a.First.Gates, panel, gateRow, Lane), 0, S1.Count);
        L through = TStep.InnerBackward(ref first, dq, Before(a, r, step, unit));
        S1.Store(Gates<S1>(a, a.First.Gates, panel, gateRow, Lane), first, 0, S1.Count);
        a.Dh[slot] = L.Value(L.Of(a.Dh[slot]) + through);
    }

    /// <inheritdoc/>
    public static void ClearInputGradientPadding(in SequenceArguments<E> a, in Part part)
    {
        if (a.AddDx != 0) return;
        int column0 = Part.Share(a.I, part.Panel0, a.Panels), end = Part.Share(a.I, part.Panel1, a.Panels);
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = a.Length[r]; step < a.T; step++)
                for (int column = column0 + Group.IdxX; column < end; column += PortableShape.Threads)
                    a.Dx[PaddingRow(a, r, step) * a.XStride + column] = Zero;
    }

    /// <inheritdoc/>
    public static void InputGradient(in SequenceArguments<E> a, int row0, int row1, int first, int last)
    {
        Part part = new() { Row0 = row0, Row1 = row1 };
        for (int step = first; step < last; step++)
        {
            int end = part.ActiveEnd(a, step);
            for (int panel = 0; panel * Width < a.I; panel++)
                for (int tile = row0; tile < end; tile += PortableShape.Rows)
                {
                    Slots1<L> s0 = new() { A = L.Splat(0) }, s1 = s0, s2 = s0, s3 = s0;
                    Back<S1>(a, a.First.Gates, G1.InputFirst, G1.InputCount, tile, end, step, a.First.InputBack, a.I, panel, ref s0, ref s1, ref s2, ref s3);
                    if (TStep.Stages > 1)
                        Back<S2>(a, a.Second.Gates, G2.InputFirst, G2.InputCount, tile, end, step, a.Second.InputBack, a.I, panel, ref s0, ref s1, ref s2, ref s3);
                    StoreInputGradient(a, panel, tile + Row, end, step, s0.A);
                    StoreInputGradient(a, panel, tile + Row + 1, end, step, s1.A);
                    StoreInputGradient(a, panel, tile + Row + 2, end, step, s2.A);
                    StoreInputGradient(a, panel, tile + Row + 3, end, step, s3.A);
                }
        }
    }

    static void StoreInputGradient(in SequenceArguments<E> a, int panel, int r, int end, int step, L dx)
    {
        int column = panel * Width + Lane;
        if (r >= end || column >= a.I) return;
        int at = RowOf(a, r, step) * a.XStride + column;
        a.Dx[at] = L.Value(a.AddDx != 0 ? L.Of(a.Dx[at]) + dx : dx);
    }
}
