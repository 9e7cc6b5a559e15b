using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    public static void Forward(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
            {
                ThreadRows<E, L, S> rows = default;
                Gate(a, panel, tile, end, step, ref rows);
                ThreadRows<E, L, S>.Each(ref rows, in a, new After { Panel = panel, End = end, Step = step }, tile + Row);
            }
        if (TStage.Rounds > 0) Normalize(ref worker, a, part, step, end);
    }

    /// <summary>What follows a product: the equations; where these wait for a statistic, the sums are kept.</summary>
    struct After : IRowVisit<SequenceArguments<E>, S>
    {
        public int Panel, End, Step;

        public readonly void Row(in SequenceArguments<E> a, ref S slots, int row)
        {
            int unit = Panel * Width + Lane;
            if (row >= End || unit >= TPlace.Of(in a).Units) return;
            if (TStage.Rounds > 0) S.Store(Gates(a, Panel, GateRow(a, row, Step)), slots, 0, S.Count);
            else Equations(a, Panel, row, Step, unit, ref slots);
        }
    }

    /// <summary>The equations on one unit, between its states.</summary>
    static void Equations(in SequenceArguments<E> a, int panel, int r, int step, int unit, ref S slots)
    {
        int gateRow = GateRow(a, r, step), slot = a.Slot[r];
        State<L> state = new() { H = L.Splat(0), C = L.Splat(0) };
        if (TStage.CarriesH) state.H = Hidden(a, r, step, unit);
        if (TStage.HasC)
            state.C = step > a.Begin ? L.Of(a.Cn[slot * a.Units + unit]) : a.C0.Length > 0 ? L.Of(a.C0[slot * a.Units + unit]) : L.Splat(0);
        B before = default;
        if (TStage.ReadsBefore) before = B.Load(GatesBefore(a, panel, gateRow), 0, B.Count);
        TStage.Forward(ref slots, ref before, UnitOf(a, panel, Lane), StatisticsOf(a, r, step), ref state);
        if (TPlace.IsLast) a.Y[RowOf(a, r, step) * a.YStride + unit] = L.Value(state.H);
        else TPlace.Of(in a).Made[gateRow * TPlace.Of(in a).Units + unit] = L.Value(state.H);
        if (TStage.HasC)
        {
            a.Cn[slot * a.Units + unit] = L.Value(state.C);
            if (a.Training != 0) a.Cs[gateRow * a.Units + unit] = L.Value(state.C);
        }
        if (a.Training == 0 && (TPlace.IsLast || TPlace.Of(in a).Keep == 0)) return;
        S.Store(Gates(a, panel, gateRow), slots, 0, S.Count);
        if (TStage.ReadsBefore) B.Store(GatesBefore(a, panel, gateRow), before, 0, B.Count);
    }

    public static void ForwardBegin(in SequenceArguments<E> a, in Part part)
    {
        if (a.Begin > 0) return;
        int behind = UnitsEnd(a, part);
        for (int r = part.Row0; r < part.Row1; r++)
            for (int unit = part.Panel0 * Width + Group.IdxX; unit < behind; unit += PortableShape.Threads)
                for (int step = a.Length[r]; step < a.T; step++) a.Y[PaddingRow(a, r, step) * a.YStride + unit] = Zero;
    }

    static int UnitsEnd(in SequenceArguments<E> a, in Part part) =>
        part.Panel1 * Width < TPlace.Of(in a).Units ? part.Panel1 * Width : TPlace.Of(in a).Units;

    public static void ForwardEnd(in SequenceArguments<E> a, in Part part)
    {
        int behind = UnitsEnd(a, part);
        for (int r = part.Row0; r < part.Row1; r++)
            for (int unit = part.Panel0 * Width + Group.IdxX; unit < behind; unit += PortableShape.Threads)
            {
                int length = a.Length[r];
                if (TPlace.IsLast && a.End == a.Longest) a.Hn[a.Slot[r] * a.Outputs + unit] = L.Value(Hidden(a, r, length, unit));
                if (TStage.HasC && a.Begin == 0 && length == 0)
                    a.Cn[a.Slot[r] * a.Units + unit] = a.C0.Length > 0 ? a.C0[a.Slot[r] * a.Units + unit] : Zero;
            }
    }
}
