using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    public static void Forward(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step), operands = TPlace.Of(in a).Operands, pitch = TStage.HiddenCount * Width;
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
            {
                PackedColumns<E, W, L, SequenceArguments<E>> columns = new(
                    TPlace.Of(in a).Hidden.As<W>(), panel * operands * pitch, pitch, pitch);
                int row = tile + Row, unit = panel * Width + Lane;
                bool mine = row < end & unit < TPlace.Of(in a).Units;
                // asked for before the product, they have come behind it
                S slots = default;
                State<L> state = default;
                if (mine)
                {
                    slots = Start(in a, unit, row, step);
                    if (TStage.Rounds == 0) state = StateBefore(in a, row, step, unit);
                }
                TileProduct<E, L, StepTile<HiddenRange<TStage>>, SequenceArguments<E>>.Run(
                    in worker.Memory, in a, StageRows<E, TPlace>.At(in a, step), columns, tile, end, operands);
                if (mine) After(in worker.Memory, in a, row, step, unit, ref slots, ref state);
            }
        if (TStage.Rounds > 0) Normalize(ref worker, a, part, step, end);
    }

    /// <summary>What follows a product: the equations; where these wait for a statistic, the sums are kept.</summary>
    static void After(
        in GroupMemory memory, in SequenceArguments<E> a, int row, int step, int unit, ref S slots, ref State<L> state)
    {
        S products = S.Load(
            new Products<StepTile<HiddenRange<TStage>>>(memory, Lane, Row), TStage.HiddenFirst, TStage.HiddenCount);
        slots = S.Fma(slots, products, L.Splat(1), TStage.HiddenFirst, TStage.HiddenCount);
        if (TStage.Rounds > 0) S.Store(Gates(a, unit, GateRow(a, row, step)), slots, 0, S.Count);
        else Equations(a, row, step, unit, ref slots, ref state);
    }

    static S Start(in SequenceArguments<E> a, int unit, int r, int step) => StartAt(in a, unit, GateRow(a, r, step), RowOf(a, r, step));

    /// <summary>Biases and what x adds to them, of a unit at a gate row, which is this row of x.</summary>
    internal static S StartAt(in SequenceArguments<E> a, int unit, int gateRow, int row)
    {
        if (Projects) return S.Load(SumsOf(in a, unit, gateRow), 0, S.Count);
        S sums = Biases(in a, unit);
        if (TStage.InputCount == 0) return sums;
        int column = (unit / Width * a.Inputs + a.Index[row]) * TStage.InputCount * Width + (unit & Width - 1);
        S w = S.Load(new ViewMemory<W, E, L>(TPlace.Of(in a).Input.As<W>(), column, Width), TStage.InputFirst, TStage.InputCount);
        return S.Fma(sums, w, L.Splat(1), TStage.InputFirst, TStage.InputCount);
    }

    /// <summary>h, if the equations ask for it, and c that a step begins with.</summary>
    internal static State<L> StateBefore(in SequenceArguments<E> a, int r, int step, int unit)
    {
        State<L> state = new() { H = L.Splat(0), C = L.Splat(0) };
        if (TStage.CarriesH) state.H = Hidden(a, r, step, unit);
        if (!TStage.HasC) return state;
        int at = a.Slot[r] * a.Units + unit;
        if (step > a.Begin) state.C = L.Of(a.Cn[at]);
        else if (a.C0.Length > 0) state.C = L.Of(a.C0[at]);
        return state;
    }

    /// <summary>The equations on one unit, between its states.</summary>
    static void Equations(in SequenceArguments<E> a, int r, int step, int unit, ref S slots, ref State<L> state)
    {
        B before = default;
        if (TStage.ReadsBefore) before = B.Load(GatesBefore(a, unit, GateRow(a, r, step)), 0, B.Count);
        TStage.Forward(ref slots, ref before, UnitOf(a, unit), StatisticsOf(a, r, step), ref state);
        KeepAt(in a, unit, GateRow(a, r, step), RowOf(a, r, step), a.Slot[r], slots, before, state, true);
    }

    /// <summary>
    /// What a step leaves of a unit, at its gate row, its row of y and its sequence's row of states: h, c for the step that follows in
    /// another launch, and what the backward pass needs.
    /// </summary>
    internal static void KeepAt(
        in SequenceArguments<E> a, int unit, int gateRow, int row, int slot, S slots, B before, State<L> state, bool carries)
    {
        if (TPlace.IsLast) a.Y[row * a.YStride + unit] = L.Value(state.H);
        else TPlace.Of(in a).Made[gateRow * TPlace.Of(in a).Units + unit] = L.Value(state.H);
        if (TStage.HasC)
        {
            if (carries) a.Cn[slot * a.Units + unit] = L.Value(state.C);
            if (a.Training != 0) a.Cs[gateRow * a.Units + unit] = L.Value(state.C);
        }
        if (a.Training == 0 && (TPlace.IsLast || TPlace.Of(in a).Keep == 0)) return;
        S.Store(Gates(a, unit, gateRow), slots, 0, S.Count);
        if (TStage.ReadsBefore) B.Store(GatesBefore(a, unit, gateRow), before, 0, B.Count);
    }

    public static void ForwardBegin(in SequenceArguments<E> a, in Part part)
    {
        if (!TPlace.IsLast || a.Begin > 0) return;
        int behind = UnitsEnd(a, part);
        for (int r = part.Row0 + Row; r < part.Row1; r += PortableShape.Rows)
            for (int step = a.Length[r]; step < a.T; step++)
                for (int unit = part.Panel0 * Width + Lane; unit < behind; unit += Width)
                    a.Y[PaddingRow(a, r, step) * a.YStride + unit] = Zero;
    }

    static int UnitsEnd(in SequenceArguments<E> a, in Part part) =>
        part.Panel1 * Width < TPlace.Of(in a).Units ? part.Panel1 * Width : TPlace.Of(in a).Units;

    public static void ForwardEnd(in SequenceArguments<E> a, in Part part)
    {
        int behind = UnitsEnd(a, part);
        for (int r = part.Row0 + Row; r < part.Row1; r += PortableShape.Rows)
            for (int unit = part.Panel0 * Width + Lane; unit < behind; unit += Width)
            {
                int length = a.Length[r];
                if (TPlace.IsLast && a.End == a.Longest) a.Hn[a.Slot[r] * a.Outputs + unit] = L.Value(Hidden(a, r, length, unit));
                if (TStage.HasC && a.Begin == 0 && length == 0)
                    a.Cn[a.Slot[r] * a.Units + unit] = a.C0.Length > 0 ? a.C0[a.Slot[r] * a.Units + unit] : Zero;
            }
    }
}
