using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    public static void Backward<TReader>(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step)
        where TReader : struct, IStageTile<E, PortableWorker>
    {
        // sequences that live at step + 1 have gate gradients there; what reaches a segment's last step through the product stands in dh
        // already
        int later = part.ActiveEnd(a, step + 1), end = part.ActiveEnd(a, step < 0 ? 0 : step);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
        {
            if (!TPlace.IsLast) TReader.OperandGradient(ref worker, a, part, panel, step, end);
            else if (step + 1 < a.End) TReader.OperandGradient(ref worker, a, part, panel, step + 1, later);
            if (step < a.Begin) continue;
            // a thread reads what it wrote: the product's columns are the same units of the same rows
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
                for (int r = tile + Row; r < tile + Row + PortableShape.RowsAThread; r++) EquationsBackward(a, panel, r, end, later, step);
        }
        if (TStage.Rounds > 0 && step >= a.Begin) NormalizeBackward(ref worker, a, part, step, end);
    }

    /// <summary>One panel, to dh in the sequences' state rows, or to the operand's gradient.</summary>
    public static int OperandGradient(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int panel, int step, int end)
    {
        for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
        {
            ThreadRows<E, L, Slots1<L>> rows = default;
            ThreadRows<E, L, Slots1<L>>.Each(ref rows, in a, new OperandGradientStart { Panel = panel, End = end }, tile + Row);
            Back(a, TStage.HiddenFirst, TStage.HiddenCount, tile, end, step, TPlace.Of(in a).HiddenBack.As<W>(), TPlace.Of(in a).Operands,
                panel, ref rows);
            ThreadRows<E, L, Slots1<L>>.Each(ref rows, in a, new OperandGradientEnd { Panel = panel, End = end }, tile + Row);
        }
        return 1;
    }

    /// <summary>A row of the operand's gradient begins as what equations carried of dh, or 0.</summary>
    struct OperandGradientStart : IRowVisit<SequenceArguments<E>, Slots1<L>>
    {
        public int Panel, End;

        public readonly void Row(in SequenceArguments<E> a, ref Slots1<L> slots, int row)
        {
            int unit = Panel * Width + Lane;
            slots.A = L.Splat(0);
            if (TPlace.IsFirst && TStage.CarriesH && row < End && unit < a.Outputs) slots.A = L.Of(a.Dh[a.Slot[row] * a.Outputs + unit]);
        }
    }

    struct OperandGradientEnd : IRowVisit<SequenceArguments<E>, Slots1<L>>
    {
        public int Panel, End;

        public readonly void Row(in SequenceArguments<E> a, ref Slots1<L> slots, int row)
        {
            int unit = Panel * Width + Lane;
            if (row >= End || unit >= TPlace.Of(in a).Operands) return;
            if (TPlace.IsFirst) a.Dh[a.Slot[row] * a.Outputs + unit] = L.Value(slots.A);
            else TPlace.Of(in a).DOperand[row * TPlace.Of(in a).Operands + unit] = L.Value(slots.A);
        }
    }

    static void EquationsBackward(in SequenceArguments<E> a, int panel, int r, int end, int later, int step)
    {
        int unit = panel * Width + Lane;
        if (r >= end || unit >= TPlace.Of(in a).Units) return;
        int slot = a.Slot[r], gateRow = GateRow(a, r, step), row = RowOf(a, r, step) * a.YStride + unit;
        bool carried = r < later || a.WantStates != 0;
        State<L> grad = new() { H = L.Splat(0), C = L.Splat(0) }, now = grad;
        if (TPlace.IsLast)
        {
            if (carried) grad.H = L.Of(a.Dh[slot * a.Outputs + unit]);
            if (a.Dy.Length > 0) grad.H += L.Of(a.Dy[row]);
            now.H = L.Of(a.Y[row]);
        }
        else grad.H = L.Of(TPlace.Of(in a).DMade[r * TPlace.Of(in a).Units + unit]);
        if (TStage.HasC)
        {
            if (carried) grad.C = L.Of(a.Dc[slot * a.Units + unit]);
            now.C = L.Of(a.Cs[gateRow * a.Units + unit]);
        }
        S slots = S.Load(Gates(a, panel, gateRow), 0, S.Count);
        B before = default;
        if (TStage.ReadsBefore) before = B.Load(GatesBefore(a, panel, gateRow), 0, B.Count);
        TStage.Backward(ref slots, ref before, UnitOf(a, panel, Lane), StatisticsOf(a, r, step), ref grad, Previous(a, r, step, unit), now);
        S.Store(Gates(a, panel, gateRow), slots, 0, S.Count);
        if (TStage.ReadsBefore) B.Store(GatesBefore(a, panel, gateRow), before, 0, B.Count);
        if (TStage.HasC) a.Dc[slot * a.Units + unit] = L.Value(grad.C);
        if (!TStage.CarriesH) return;
        int at = slot * a.Outputs + unit;
        a.Dh[at] = L.Value(TPlace.IsLast ? grad.H : L.Of(a.Dh[at]) + grad.H); // to what the last stage left
    }

    /// <summary>h, if the equations ask for it, and c of the step before.</summary>
    static State<L> Previous(in SequenceArguments<E> a, int r, int step, int unit)
    {
        State<L> state = new() { H = L.Splat(0), C = L.Splat(0) };
        if (TStage.CarriesH) state.H = Hidden(a, r, step, unit);
        if (!TStage.HasC) return state;
        if (step > a.Begin) state.C = L.Of(a.Cs[GateRow(a, r, step - 1) * a.Units + unit]);
        else if (a.C0.Length > 0) state.C = L.Of(a.C0[a.Slot[r] * a.Units + unit]);
        return state;
    }

    public static void BackwardEnds(in SequenceArguments<E> a, in Part part)
    {
        if (a.Begin > 0) return;
        int unit0 = part.Panel0 * Width, behind = part.Panel1 * Width < TPlace.Of(in a).Units ? part.Panel1 * Width : TPlace.Of(in a).Units;
        if (a.WantStates == 0)
            for (int r = part.ActiveEnd(a, 0); r < part.Row1; r++) // empty sequences
                for (int unit = unit0 + Group.IdxX; unit < behind; unit += PortableShape.Threads)
                {
                    if (TPlace.IsLast) a.Dh[a.Slot[r] * a.Outputs + unit] = Zero;
                    if (TStage.HasC) a.Dc[a.Slot[r] * a.Units + unit] = Zero;
                }
        if (!TPlace.IsFirst || a.WantDx == 0 || a.AddDx != 0) return;
        int column0 = Part.Share(a.Inputs, part.Panel0, TPlace.Of(in a).Panels),
            end = Part.Share(a.Inputs, part.Panel1, TPlace.Of(in a).Panels);
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = a.Length[r]; step < a.T; step++)
                for (int column = column0 + Group.IdxX; column < end; column += PortableShape.Threads)
                    a.Dx[PaddingRow(a, r, step) * a.XStride + column] = Zero;
    }

    public static void InputGradient(in SequenceArguments<E> a, int row0, int row1, int first, int last)
    {
        if (TStage.InputCount == 0 && !TPlace.IsFirst) return;
        int add = TPlace.IsFirst ? a.AddDx : 1;
        Part part = new() { Row0 = row0, Row1 = row1 };
        for (int step = first; step < last; step++)
        {
            int end = part.ActiveEnd(a, step);
            for (int panel = 0; panel * Width < a.Inputs; panel++)
                for (int tile = row0; tile < end; tile += PortableShape.Rows)
                {
                    ThreadRows<E, L, Slots1<L>> rows = default;
                    ThreadRows<E, L, Slots1<L>>.Each(
                        ref rows, in a, new InputGradientStart { Panel = panel, End = end, Step = step, Add = add }, tile + Row);
                    Back(a, TStage.InputFirst, TStage.InputCount, tile, end, step, TPlace.Of(in a).InputBack.As<W>(), a.Inputs, panel,
                        ref rows);
                    ThreadRows<E, L, Slots1<L>>.Each(
                        ref rows, in a, new InputGradientEnd { Panel = panel, End = end, Step = step }, tile + Row);
                }
        }
    }

    /// <summary>A row of dx begins as what is there, or 0.</summary>
    struct InputGradientStart : IRowVisit<SequenceArguments<E>, Slots1<L>>
    {
        public int Panel, End, Step, Add;

        public readonly void Row(in SequenceArguments<E> a, ref Slots1<L> slots, int row)
        {
            int column = Panel * Width + Lane;
            slots.A = L.Splat(0);
            if (Add != 0 && row < End && column < a.Inputs) slots.A = L.Of(a.Dx[RowOf(a, row, Step) * a.XStride + column]);
        }
    }

    struct InputGradientEnd : IRowVisit<SequenceArguments<E>, Slots1<L>>
    {
        public int Panel, End, Step;

        public readonly void Row(in SequenceArguments<E> a, ref Slots1<L> slots, int row)
        {
            int column = Panel * Width + Lane;
            if (row < End && column < a.Inputs) a.Dx[RowOf(a, row, Step) * a.XStride + column] = L.Value(slots.A);
        }
    }
}
