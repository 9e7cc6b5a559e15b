using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

public unsafe partial struct CpuTile<E, L, C, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Backward(in SequenceArguments<E> a, in Part part, int step)
    {
        // sequences that live at step + 1 have gate gradients there; those that end at this step take the caller's gradient
        int later = part.ActiveEnd(a, step + 1), end = part.ActiveEnd(a, Math.Max(step, 0)), panels;
        for (int panel = part.Panel0; panel < part.Panel1; panel += panels)
        {
            // what reaches a segment's last step through the product stands in dh already
            HiddenGradient<S1, G1>(a, a.First, a.Dh, true, TStep.CarriesH, part, panel, step + 1, step + 1 < a.End ? later : part.Row0, out panels);
            if (step < a.Begin) continue;
            for (int p = panel; p < panel + panels; p++)
                if (Full(a, p)) CellBackward<Whole>(a, step, part.Row0, end, later, p);
                else CellBackward<Cut>(a, step, part.Row0, end, later, p);
        }
        if (step >= 0 || a.WantStates != 0) return; // else: the launch has step 0
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, a.H) - unit;
        for (int r = later; r < part.Row1; r++) // empty sequences
        {
            Native.Clear(Native.Address(a.Dh) + (nint)Native.Address(a.Slot)[r] * a.H + unit, count);
            if (TStep.HasC) Native.Clear(Native.Address(a.Dc) + (nint)Native.Address(a.Slot)[r] * a.H + unit, count);
        }
    }

    /// <summary>
    /// gradient [row, H] = (gradient or 0) + gate gradients of a step times W_hh, for panels of one block of columns. Rows of the
    /// gradient are the sequences' state rows, or their number r.
    /// </summary>
    static void HiddenGradient<S, G>(in SequenceArguments<E> a, in StageArguments<E> stage, in Buffer<E> gradient, bool bySlot, bool add,
        in Part part, int panel, int step, int end, out int panels)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        nint k = G.HiddenCount * L.Width;
        int wide = L.Width / C.Width, all = (a.H + C.Width - 1) / C.Width;
        E* w = Columns<E, C>.Block(Native.Address(stage.HiddenBack), all, a.Panels * k, panel * wide, Math.Min(all, part.Panel1 * wide), out int vectors, out nint stride);
        panels = (vectors + wide - 1) / wide;
        Walk walk = Walk.Through(k, a.Panels, (nint)a.PanelStride * S.Count);
        Rows<E> gates = default, output = default;
        for (int r = part.Row0, rows; r < end; r += rows)
        {
            rows = Rows<E>.Next(end - r, Columns<E, C>.MostRows);
            for (int i = 0; i < rows; i++)
            {
                gates.Set(i, Gates<S>(a, stage, 0, Native.Address(a.Offset)[step] + r + i) + G.HiddenFirst * L.Width);
                output.Set(i, Native.Address(gradient) + (nint)(bySlot ? Native.Address(a.Slot)[r + i] : r + i) * a.H + panel * L.Width);
            }
            Columns<E, C>.Run(rows, vectors, gates, walk, w, stride, add, output, a.H - panel * L.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CellBackward<TEdge>(in SequenceArguments<E> a, int step, int r, int end, int later, int panel) where TEdge : struct, IEdge
    {
        int unit = panel * L.Width, count = a.H - unit;
        for (; r < end; r++)
        {
            int gateRow = Native.Address(a.Offset)[step] + r;
            nint row = RowOf(a, r, step) * a.YStride, slot = (nint)Native.Address(a.Slot)[r] * a.H;
            bool carried = r < later || a.WantStates != 0;
            E* dh = Native.Address(a.Dh) + slot, dc = TStep.HasC ? Native.Address(a.Dc) + slot : null;

            State<L> grad = new() { H = LoadOrZero<TEdge>(carried ? dh : null, unit, count), C = LoadOrZero<TEdge>(carried ? dc : null, unit, count) };
            if (a.Dy.Address != 0) grad.H += TEdge.Load<E, L>(Native.Address(a.Dy) + row + unit, count);
            State<L> previous = Before<TEdge>(a, step, r, unit, count, TStep.CarriesH);
            State<L> now = new() { H = TEdge.Load<E, L>(Native.Address(a.Y) + row + unit, count) };
            if (TStep.HasC) now.C = TEdge.Load<E, L>(Native.Address(a.Cs) + (nint)gateRow * a.H + unit, count);
            S1 first = S1.Load(new Pointer<E, L> { At = Gates<S1>(a, a.First, panel, gateRow) }, 0, S1.Count);
            S2 second = default;
            if (TStep.Stages > 1) second = S2.Load(new Pointer<E, L> { At = Gates<S2>(a, a.Second, panel, gateRow) }, 0, S2.Count);

            PrefetchBefore(a, step, r, panel, unit);

            TStep.Backward(ref first, ref second, ref grad, previous, now);
            SaveGradient<TEdge, S1>(a, a.First, step, r, panel, first, count);
            if (TStep.Stages > 1) SaveGradient<TEdge, S2>(a, a.Second, step, r, panel, second, count);
            if (TStep.HasC) TEdge.Store(dc + unit, grad.C, count);
            if (TStep.CarriesH) TEdge.Store(dh + unit, grad.H, count);
        }
    }

    /// <summary>Gate gradients of the units that there are: products sum over a whole panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SaveGradient<TEdge, S>(in SequenceArguments<E> a, in StageArguments<E> stage, int step, int r, int panel, S slots, int count)
        where TEdge : struct, IEdge where S : struct, ISlots<S, L>
    {
        E* at = Gates<S>(a, stage, panel, Native.Address(a.Offset)[step] + r);
        S.Store(new Pointer<E, L> { At = at }, slots, 0, S.Count);
        TEdge.ClearBehind(at, S.Count, L.Width, count);
    }

    /// <summary>
    /// What the step before in time, the next in this loop, will read: the hardware's prefetchers do not follow a walk backwards over as
    /// many arrays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PrefetchBefore(in SequenceArguments<E> a, int step, int r, int panel, int unit)
    {
        if (step <= a.Begin) return;
        int gateRow = Native.Address(a.Offset)[step - 1] + r;
        nint row = RowOf(a, r, step - 1) * a.YStride + unit;
        Prefetch(Gates<S1>(a, a.First, panel, gateRow), S1.Count);
        if (TStep.Stages > 1) Prefetch(Gates<S2>(a, a.Second, panel, gateRow), S2.Count);
        Prefetch(Native.Address(a.Dy) + row, 1);
        Prefetch(Native.Address(a.Y) + row, 1);
        if (TStep.HasC && step > a.Begin + 1) Prefetch(Native.Address(a.Cs) + (nint)(Native.Address(a.Offset)[step - 2] + r) * a.H + unit, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(E* p, int lanes)
    {
        for (int i = 0; i < lanes * L.Registers; i++) Native.Prefetch(p + i * (L.Width / L.Registers));
    }

    /// <summary>h, if the cell asks for it, and c of the step before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static State<L> Before<TEdge>(in SequenceArguments<E> a, int step, int r, int unit, int count, bool h) where TEdge : struct, IEdge
    {
        State<L> state = default;
        if (h) state.H = LoadOrZero<TEdge>(HiddenBefore(a, r, step), unit, count);
        if (!TStep.HasC) return state;
        E* c = step > a.Begin ? Native.Address(a.Cs) + (nint)(Native.Address(a.Offset)[step - 1] + r) * a.H
            : a.C0.Address == 0 ? null : Native.Address(a.C0) + (nint)Native.Address(a.Slot)[r] * a.H;
        state.C = LoadOrZero<TEdge>(c, unit, count);
        return state;
    }

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void BackwardSecond(in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step), panels;
        for (int panel = part.Panel0; panel < part.Panel1; panel += panels)
        {
            HiddenGradient<S2, G2>(a, a.Second, a.Dq, false, false, part, panel, step, end, out panels);
            for (int p = panel; p < panel + panels; p++)
                if (Full(a, p)) InnerBackward<Whole>(a, step, part.Row0, end, p);
                else InnerBackward<Cut>(a, step, part.Row0, end, p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void InnerBackward<TEdge>(in SequenceArguments<E> a, int step, int r, int end, int panel) where TEdge : struct, IEdge
    {
        int unit = panel * L.Width, count = a.H - unit;
        for (; r < end; r++)
        {
            S1 first = S1.Load(new Pointer<E, L> { At = Gates<S1>(a, a.First, panel, Native.Address(a.Offset)[step] + r) }, 0, S1.Count);
            E* dh = Native.Address(a.Dh) + (nint)Native.Address(a.Slot)[r] * a.H + unit;
            L dq = TEdge.Load<E, L>(Native.Address(a.Dq) + (nint)r * a.H + unit, count);
            L through = TStep.InnerBackward(ref first, dq, Before<TEdge>(a, step, r, unit, count, true));
            SaveGradient<TEdge, S1>(a, a.First, step, r, panel, first, count);
            TEdge.Store(dh, TEdge.Load<E, L>(dh, count) + through, count);
        }
    }

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void ClearInputGradientPadding(in SequenceArguments<E> a, in Part part)
    {
        if (a.AddDx != 0) return;
        int column = Part.Share(a.I, part.Panel0, a.Panels), count = Part.Share(a.I, part.Panel1, a.Panels) - column;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = Native.Address(a.Length)[r]; step < a.T; step++)
                Native.Clear(Native.Address(a.Dx) + PaddingRow(a, r, step) * a.XStride + column, count);
    }

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void InputGradient(in SequenceArguments<E> a, int row0, int row1, int first, int last)
    {
        InputGradient<S1, G1>(a, a.First, a.AddDx != 0, row0, row1, first, last);
        if (TStep.Stages > 1) InputGradient<S2, G2>(a, a.Second, true, row0, row1, first, last);
    }

    static void InputGradient<S, G>(in SequenceArguments<E> a, in StageArguments<E> stage, bool add, int row0, int row1, int first, int last)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        nint k = G.InputCount * L.Width;
        int vectors = (a.I + C.Width - 1) / C.Width;
        Part part = new() { Row0 = row0, Row1 = row1 };
        Walk walk = Walk.Through(k, a.Panels, (nint)a.PanelStride * S.Count);
        Rows<E> gates = default, output = default;
        for (int vector = 0, n; vector < vectors; vector += n)
        {
            E* w = Columns<E, C>.Block(Native.Address(stage.InputBack), vectors, a.Panels * k, vector, vectors, out n, out nint stride);
            int tile = 0, column = vector * C.Width;
            for (int step = first; step < last; step++)
            {
                int end = part.ActiveEnd(a, step);
                for (int r = row0; r < end; r++)
                {
                    gates.Set(tile, Gates<S>(a, stage, 0, Native.Address(a.Offset)[step] + r) + G.InputFirst * L.Width);
                    output.Set(tile, Native.Address(a.Dx) + RowOf(a, r, step) * a.XStride + column);
                    if (++tile < Columns<E, C>.MostRows) continue;
                    Columns<E, C>.Run(tile, n, gates, walk, w, stride, add, output, a.I - column);
                    tile = 0;
                }
            }
            if (tile > 0) Columns<E, C>.Run(tile, n, gates, walk, w, stride, add, output, a.I - column);
        }
    }
}
