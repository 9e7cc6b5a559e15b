using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    [IntrinsicImplementation]
    public static void Backward<TReader>(ref CpuWorker worker, in SequenceArguments<E> a, in Part part, int step)
        where TReader : struct, IStageTile<E, CpuWorker>
    {
        // sequences that live at step + 1 have gate gradients there; those that end at this step take the caller's gradient
        int later = part.ActiveEnd(a, step + 1), end = part.ActiveEnd(a, Math.Max(step, 0)), panels;
        for (int panel = part.Panel0; panel < part.Panel1; panel += panels)
        {
            // what reaches a segment's last step through the product stands in dh already
            panels = TPlace.IsLast
                ? TReader.OperandGradient(ref worker, a, part, panel, step + 1, step + 1 < a.End ? later : part.Row0)
                : TReader.OperandGradient(ref worker, a, part, panel, step, end);
            if (step < a.Begin) continue;
            for (int p = panel; p < panel + panels; p++)
                if (Full(a, p)) EquationsBackward<Whole>(a, step, part.Row0, end, later, p);
                else EquationsBackward<Cut>(a, step, part.Row0, end, later, p);
        }
        if (TStage.Rounds > 0 && step >= a.Begin) NormalizeBackward(a, part, step, end);
    }

    /// <summary>
    /// gradient [row, K] = (gradient or 0) + gate gradients of a step times W_hh, for panels of one block of columns. Rows of dh are the
    /// sequences' state rows, those of other gradients their number r.
    /// </summary>
    [IntrinsicImplementation]
    public static int OperandGradient(ref CpuWorker worker, in SequenceArguments<E> a, in Part part, int panel, int step, int end)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        nint k = TStage.HiddenCount * L.Width;
        int wide = L.Width / C.Width, all = (stage.Operands + C.Width - 1) / C.Width;
        W* w = Columns<E, G, W, C>.Block(
            (W*)stage.HiddenBack.Address, all, stage.Panels * k, panel * wide, Math.Min(all, part.Panel1 * wide), out int vectors,
            out nint stride);
        Walk walk = Walk.Through(k, stage.Panels, (nint)a.PanelStride * S.Count);
        Rows<G> gates = default;
        Rows<E> output = default;
        for (int r = part.Row0, rows; r < end; r += rows)
        {
            rows = Rows<E>.Next(end - r, Columns<E, G, W, C>.MostRows);
            for (int i = 0; i < rows; i++)
            {
                gates.Set(i, Gates(a, 0, GateRow(a, r + i, step)) + TStage.HiddenFirst * L.Width);
                output.Set(i, (TPlace.IsFirst
                    ? Native.Address(a.Dh) + (nint)Native.Address(a.Slot)[r + i] * a.Outputs
                    : Native.Address(stage.DOperand) + (nint)(r + i) * stage.Operands) + panel * L.Width);
            }
            Columns<E, G, W, C>.Run(rows, vectors, gates, walk, w, stride, TPlace.IsFirst && TStage.CarriesH, output,
                stage.Operands - panel * L.Width);
        }
        return (vectors + wide - 1) / wide;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void EquationsBackward<TEdge>(in SequenceArguments<E> a, int step, int r, int end, int later, int panel)
        where TEdge : struct, IEdge
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        int unit = panel * L.Width, count = stage.Units - unit;
        P parameters = UnitOf(a, panel);
        for (; r < end; r++)
        {
            int gateRow = GateRow(a, r, step);
            nint row = RowOf(a, r, step) * a.YStride, slot = Native.Address(a.Slot)[r];
            bool carried = r < later || a.WantStates != 0;
            E* dh = Native.Address(a.Dh) + slot * a.Outputs, dc = TStage.HasC ? Native.Address(a.Dc) + slot * a.Units : null;

            State<L> grad = default, now = default;
            if (TPlace.IsLast)
            {
                grad.H = LoadOrZero<TEdge>(carried ? dh : null, unit, count);
                if (a.Dy.Address != 0) grad.H += TEdge.Load<E, L>(Native.Address(a.Dy) + row + unit, count);
                now.H = TEdge.Load<E, L>(Native.Address(a.Y) + row + unit, count);
            }
            else grad.H = TEdge.Load<E, L>(Native.Address(stage.DMade) + (nint)r * stage.Units + unit, count);
            if (TStage.HasC)
            {
                grad.C = LoadOrZero<TEdge>(carried ? dc : null, unit, count);
                now.C = TEdge.Load<E, L>(Native.Address(a.Cs) + (nint)gateRow * a.Units + unit, count);
            }
            State<L> previous = Previous<TEdge>(a, step, r, unit, count);
            S slots = S.Load(new Pointer<G, E, L> { At = Gates(a, panel, gateRow) }, 0, S.Count);
            B before = default;
            if (TStage.ReadsBefore) before = B.Load(new Pointer<G, E, L> { At = GatesBefore(a, panel, gateRow) }, 0, B.Count);

            PrefetchBefore(a, step, r, panel, unit);

            TStage.Backward(ref slots, ref before, parameters, StatisticsOf(a, r, step), ref grad, previous, now);
            SaveGradient<TEdge, S>(Gates(a, panel, gateRow), slots, count);
            if (TStage.ReadsBefore) SaveGradient<TEdge, B>(GatesBefore(a, panel, gateRow), before, count);
            if (TStage.HasC) TEdge.Store(dc + unit, grad.C, count);
            if (!TStage.CarriesH) continue;
            if (!TPlace.IsLast) grad.H = TEdge.Load<E, L>(dh + unit, count) + grad.H; // to what the last stage left
            TEdge.Store(dh + unit, grad.H, count);
        }
    }

    /// <summary>Gate gradients of the units that there are: products sum over a whole panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SaveGradient<TEdge, T>(G* at, T slots, int count) where TEdge : struct, IEdge where T : struct, ISlots<T, L>
    {
        T.Store(new Pointer<G, E, L> { At = at }, slots, 0, T.Count);
        TEdge.ClearBehind(at, T.Count, L.Width, count);
    }

    /// <summary>
    /// What the step before in time, the next in this loop, will read: the hardware's prefetchers do not follow a walk backwards over as
    /// many arrays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PrefetchBefore(in SequenceArguments<E> a, int step, int r, int panel, int unit)
    {
        if (step <= a.Begin) return;
        int gateRow = GateRow(a, r, step - 1);
        Prefetch(Gates(a, panel, gateRow), S.Count);
        if (TStage.ReadsBefore) Prefetch(GatesBefore(a, panel, gateRow), B.Count);
        if (TPlace.IsLast)
        {
            nint row = RowOf(a, r, step - 1) * a.YStride + unit;
            Prefetch(Native.Address(a.Dy) + row, 1);
            Prefetch(Native.Address(a.Y) + row, 1);
        }
        if (TStage.HasC && step > a.Begin + 1) Prefetch(Native.Address(a.Cs) + (nint)GateRow(a, r, step - 2) * a.Units + unit, 1);
    }

    /// <summary>h, if the equations ask for it, and c of the step before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static State<L> Previous<TEdge>(in SequenceArguments<E> a, int step, int r, int unit, int count) where TEdge : struct, IEdge
    {
        State<L> state = default;
        if (TStage.CarriesH) state.H = LoadOrZero<TEdge>(HiddenBefore(a, r, step), unit, count);
        if (!TStage.HasC) return state;
        E* c = step > a.Begin ? Native.Address(a.Cs) + (nint)GateRow(a, r, step - 1) * a.Units
            : a.C0.Address == 0 ? null : Native.Address(a.C0) + (nint)Native.Address(a.Slot)[r] * a.Units;
        state.C = LoadOrZero<TEdge>(c, unit, count);
        return state;
    }

    [IntrinsicImplementation]
    public static void BackwardEnds(in SequenceArguments<E> a, in Part part)
    {
        if (a.Begin > 0) return;
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, stage.Units) - unit;
        if (a.WantStates == 0)
            for (int r = part.ActiveEnd(a, 0); r < part.Row1; r++) // empty sequences
            {
                nint slot = Native.Address(a.Slot)[r];
                if (TPlace.IsLast) Native.Clear(Native.Address(a.Dh) + slot * a.Outputs + unit, count);
                if (TStage.HasC) Native.Clear(Native.Address(a.Dc) + slot * a.Units + unit, count);
            }
        if (!TPlace.IsFirst || a.WantDx == 0 || a.AddDx != 0) return;
        int column = Part.Share(a.Inputs, part.Panel0, stage.Panels), columns = Part.Share(a.Inputs, part.Panel1, stage.Panels) - column;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = Native.Address(a.Length)[r]; step < a.T; step++)
                Native.Clear(Native.Address(a.Dx) + PaddingRow(a, r, step) * a.XStride + column, columns);
    }

    [IntrinsicImplementation]
    public static void InputGradient(ref CpuWorker worker, in SequenceArguments<E> a, int row0, int row1, int first, int last)
    {
        if (TStage.InputCount == 0 && !TPlace.IsFirst) return;
        bool add = !TPlace.IsFirst || a.AddDx != 0;
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        nint k = TStage.InputCount * L.Width;
        int vectors = (a.Inputs + C.Width - 1) / C.Width;
        Part part = new() { Row0 = row0, Row1 = row1 };
        Walk walk = Walk.Through(k, stage.Panels, (nint)a.PanelStride * S.Count);
        Rows<G> gates = default;
        Rows<E> output = default;
        for (int vector = 0, n; vector < vectors; vector += n)
        {
            W* w = Columns<E, G, W, C>.Block(
                (W*)stage.InputBack.Address, vectors, stage.Panels * k, vector, vectors, out n, out nint stride);
            int tile = 0, column = vector * C.Width;
            for (int step = first; step < last; step++)
            {
                int end = part.ActiveEnd(a, step);
                for (int r = row0; r < end; r++)
                {
                    gates.Set(tile, Gates(a, 0, GateRow(a, r, step)) + TStage.InputFirst * L.Width);
                    output.Set(tile, Native.Address(a.Dx) + RowOf(a, r, step) * a.XStride + column);
                    if (++tile < Columns<E, G, W, C>.MostRows) continue;
                    Columns<E, G, W, C>.Run(tile, n, gates, walk, w, stride, add, output, a.Inputs - column);
                    tile = 0;
                }
            }
            if (tile > 0) Columns<E, G, W, C>.Run(tile, n, gates, walk, w, stride, add, output, a.Inputs - column);
        }
    }
}
