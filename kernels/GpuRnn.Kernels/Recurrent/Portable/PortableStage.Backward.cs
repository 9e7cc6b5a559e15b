using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Products;
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
            // a thread reads what it wrote: it has the same unit of the same rows
            for (int r = part.Row0 + Row; r < end; r += PortableShape.Rows) EquationsBackward(a, panel, r, later, step);
        }
        if (TStage.Rounds > 0 && step >= a.Begin) NormalizeBackward(ref worker, a, part, step, end);
    }

    /// <summary>One panel, to dh in the sequences' state rows, or to the operand's gradient.</summary>
    public static int OperandGradient(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int panel, int step, int end)
    {
        GateRows<E, G> gates = new(
            RowSpan.Of(step, end), TPlace.Of(in a).Gates.As<G>(), a.PanelStride, S.Count, TStage.HiddenFirst, TStage.HiddenCount);
        PackedColumns<E, W, L, SequenceArguments<E>> columns = Back(
            in a, TPlace.Of(in a).HiddenBack, TPlace.Of(in a).Operands, panel, TStage.HiddenCount, 1);
        for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
        {
            TileProduct<E, L, StepTile<OneSlot>, SequenceArguments<E>>.Run(
                in worker.Memory, in a, gates, columns, tile, end, TPlace.Of(in a).Panels * TStage.HiddenCount * Width);
            int row = tile + Row, unit = panel * Width + Lane;
            if (row >= end || unit >= TPlace.Of(in a).Operands) continue;
            L sum = TileProduct<E, L, StepTile<OneSlot>, SequenceArguments<E>>.At(in worker.Memory, Lane, Row);
            if (!TPlace.IsFirst) TPlace.Of(in a).DOperand[row * TPlace.Of(in a).Operands + unit] = L.Value(sum);
            else
            {
                int at = a.Slot[row] * a.Outputs + unit;
                a.Dh[at] = L.Value(TStage.CarriesH ? L.Of(a.Dh[at]) + sum : sum); // on top of what equations carried of dh
            }
        }
        return 1;
    }

    /// <summary>Panels of a matrix packed by columns, so many side by side.</summary>
    static PackedColumns<E, W, L, SequenceArguments<E>> Back(
        in SequenceArguments<E> a, Buffer<byte> weights, int columns, int panel, int count, int panels)
    {
        int all = (columns + Width - 1) / Width, block = panel / 4 * 4, wide = (all - block < 4 ? all - block : 4) * Width;
        int k = TPlace.Of(in a).Panels * count * Width, left = wide - (panel - block) * Width;
        return new(weights.As<W>(), block * Width * k + (panel - block) * Width, wide, panels * Width < left ? panels * Width : left);
    }

    static void EquationsBackward(in SequenceArguments<E> a, int panel, int r, int later, int step)
    {
        int unit = panel * Width + Lane;
        int slot = a.Slot[r], gateRow = GateRow(a, r, step);
        if (unit >= TPlace.Of(in a).Units)
        {
            S.Store(Gates(a, unit, gateRow), S.Load(new ZeroMemory<L>(), 0, S.Count), 0, S.Count); // products read whole panels
            return;
        }
        int row = RowOf(a, r, step) * a.YStride + unit;
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
        S slots = S.Load(Gates(a, unit, gateRow), 0, S.Count);
        B before = default;
        if (TStage.ReadsBefore) before = B.Load(GatesBefore(a, unit, gateRow), 0, B.Count);
        TStage.Backward(ref slots, ref before, UnitOf(a, unit), StatisticsOf(a, r, step), ref grad, Previous(a, r, step, unit), now);
        S.Store(Gates(a, unit, gateRow), slots, 0, S.Count);
        if (TStage.ReadsBefore) B.Store(GatesBefore(a, unit, gateRow), before, 0, B.Count);
        if (TStage.HasC) a.Dc[slot * a.Units + unit] = L.Value(grad.C);
        if (!TStage.CarriesH) return;
        int at = slot * a.Outputs + unit;
        a.Dh[at] = L.Value(TPlace.IsLast ? grad.H : L.Of(a.Dh[at]) + grad.H); // to what the last stage left
    }

    /// <summary>h, if the equations ask for it, and c of the step before.</summary>
    internal static State<L> Previous(in SequenceArguments<E> a, int r, int step, int unit)
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
        if (a.WantStates == 0)
            for (int r = part.ActiveEnd(a, 0) + Row; r < part.Row1; r += PortableShape.Rows) // empty sequences
                for (int unit = part.Panel0 * Width + Lane; unit < UnitsEnd(a, part); unit += Width)
                {
                    if (TPlace.IsLast) a.Dh[a.Slot[r] * a.Outputs + unit] = Zero;
                    if (TStage.HasC) a.Dc[a.Slot[r] * a.Units + unit] = Zero;
                }
        if (!TPlace.IsFirst || a.WantDx == 0 || a.AddDx != 0) return;
        int column0 = Part.Share(a.Inputs, part.Panel0, TPlace.Of(in a).Panels),
            end = Part.Share(a.Inputs, part.Panel1, TPlace.Of(in a).Panels);
        for (int r = part.Row0 + Row; r < part.Row1; r += PortableShape.Rows)
            for (int step = a.Length[r]; step < a.T; step++)
                for (int column = column0 + Lane; column < end; column += Width)
                    a.Dx[PaddingRow(a, r, step) * a.XStride + column] = Zero;
    }

    /// <summary>Tiles of rows of all steps by blocks of columns, shared out to all groups.</summary>
    public static void InputGradient(ref PortableWorker worker, in SequenceArguments<E> a, int row0, int row1, int first, int last)
    {
        if (TStage.InputCount == 0 && !TPlace.IsFirst) return;
        bool add = !TPlace.IsFirst || a.AddDx != 0;
        RowSpan span = RowSpan.Of(new Part { Row0 = row0, Row1 = row1 }, first);
        GateRows<E, G> gates = new(
            span, TPlace.Of(in a).Gates.As<G>(), a.PanelStride, S.Count, TStage.InputFirst, TStage.InputCount);
        int rows = span.Sequences * (last - first), blocks = (a.Inputs + 4 * Width - 1) / (4 * Width);
        int tiles = (rows + Tiling<E, WideTile<FourSlots>>.Rows - 1) / Tiling<E, WideTile<FourSlots>>.Rows;
        for (int item = worker.Index; item < tiles * blocks; item += worker.Count)
        {
            int tile = item / blocks, block = item - tile * blocks;
            TileProduct<E, L, WideTile<FourSlots>, SequenceArguments<E>>.Run(
                in worker.Memory, in a, gates, Back(in a, TPlace.Of(in a).InputBack, a.Inputs, block * 4, TStage.InputCount, 4),
                tile * Tiling<E, WideTile<FourSlots>>.Rows, rows, TPlace.Of(in a).Panels * TStage.InputCount * Width);
            for (int i = Group.IdxX; i < Tiling<E, WideTile<FourSlots>>.Rows * 4 * Width; i += Group.DimX)
            {
                int row = i / (4 * Width), inside = i & 4 * Width - 1, q = tile * Tiling<E, WideTile<FourSlots>>.Rows + row;
                int column = block * 4 * Width + inside;
                if (q >= rows || column >= a.Inputs || !span.Find(in a, q, out int step, out int r)) continue;
                L sum = TileProduct<E, L, WideTile<FourSlots>, SequenceArguments<E>>.At(in worker.Memory, inside, row);
                int at = RowOf(a, r, step) * a.XStride + column;
                a.Dx[at] = L.Value(add ? L.Of(a.Dx[at]) + sum : sum);
            }
        }
    }
}
