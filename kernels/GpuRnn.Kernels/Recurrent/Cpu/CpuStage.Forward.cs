using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    [IntrinsicImplementation]
    public static void Forward(ref CpuWorker worker, in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step);
        if (end == part.Row0) return;
        if (W.IsScaled) RowsInBytes(worker, a, part, step, end);
        else if (end - part.Row0 == 1) RowUnderPanels(a, part, step);
        else RowsUnderPanels(a, part, step, end);
        if (TStage.Rounds > 0) Normalize(a, part, step, end);
    }

    /// <summary>Tiles of rows under each panel of weights, and what follows the product on each tile.</summary>
    static void RowsUnderPanels(in SequenceArguments<E> a, in Part part, int step, int end)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        int zStep = S.Count * L.Width;
        bool hidden = !TPlace.IsFirst || step > 0 || a.H0.Address != 0;
        nint inputStep = TStage.InputCount * L.Width, hiddenStep = TStage.HiddenCount * L.Width;
        E* z = stackalloc E[6 * zStep];
        Rows<E> x = default, h = default, sums = Rows<E>.Strided(z, zStep);
        for (int turn = part.Panel0; turn < part.Panel1; turn++)
        {
            int panel = ThereAndBack(part, step, turn, 1);
            W* input = (W*)stage.Input.Address + panel * a.Inputs * inputStep, weights = (W*)stage.Hidden.Address
                + panel * stage.Operands * hiddenStep;
            Rows<E> init = Rows<E>.Strided(Native.Address(stage.Bias) + panel * zStep, 0);
            for (int r = part.Row0, rows; r < end; r += rows)
            {
                rows = Rows<E>.Next(end - r, Product<E, Plain<E>, W, L, S, HiddenRange<TStage>>.MostRows);
                for (int i = 0; i < rows; i++) h.Set(i, OperandRow(a, r + i, step));
                if (Indexed)
                    for (int i = 0; i < rows; i++)
                        Gather(sums.At(i), init.A, input + Native.Address(a.Index)[RowOf(a, r + i, step)] * inputStep);
                else if (Projected)
                    for (int i = 0; i < rows; i++) init.Set(i, (E*)Gates(a, panel, GateRow(a, r + i, step)));
                else if (Dense)
                    for (int i = 0; i < rows; i++) x.Set(i, Native.Address(a.X) + RowOf(a, r + i, step) * a.XStride);
                if (step == a.Begin) PrefetchStates(a, r, rows, end, panel, turn == part.Panel0);
                if (Joined && hidden)
                    Product<E, Plain<E>, W, L, S, InputRange<TStage>>.Run(
                        rows, Rows<Plain<E>>.Of(x),
                            Walk.Both(x, a.Inputs, h, stage.Operands, (nint)(weights - input) - a.Inputs * inputStep), input, inputStep,
                            init, sums);
                else
                {
                    if (Dense) Product<E, Plain<E>, W, L, S, InputRange<TStage>>.Run(
                        rows, Rows<Plain<E>>.Of(x), Walk.Along(a.Inputs), input, inputStep, init, sums);
                    if (hidden || !Dense && !Indexed)
                        Product<E, Plain<E>, W, L, S, HiddenRange<TStage>>.Run(
                            rows, Rows<Plain<E>>.Of(h), Walk.Along(hidden ? stage.Operands : 0), weights, hiddenStep, Dense || Indexed
                                ? sums : init, sums);
                }
                After(a, step, r, rows, panel, z);
            }
        }
    }

    /// <summary>The same for a single row, which takes several panels at a time.</summary>
    static void RowUnderPanels(in SequenceArguments<E> a, in Part part, int step)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        int r = part.Row0, zStep = S.Count * L.Width;
        nint inputStep = TStage.InputCount * L.Width, hiddenStep = TStage.HiddenCount * L.Width;
        E* z = stackalloc E[6 * zStep], h = OperandRow(a, r, step);
        Rows<E> sums = Rows<E>.Strided(z, zStep);
        int most = Product<E, Plain<E>, W, L, S, HiddenRange<TStage>>.MostGroups;
        for (int turn = part.Panel0; turn < part.Panel1; turn += most)
        {
            int panel = ThereAndBack(part, step, turn, most), panels = Math.Min(part.Panel1 - panel, most);
            W* input = (W*)stage.Input.Address + panel * a.Inputs * inputStep, weights = (W*)stage.Hidden.Address
                + panel * stage.Operands * hiddenStep;
            Rows<E> init = Projected
                ? Rows<E>.Strided((E*)Gates(a, panel, GateRow(a, r, step)), (nint)a.PanelStride * S.Count)
                : Rows<E>.Strided(Native.Address(stage.Bias) + panel * zStep, zStep);
            if (Indexed)
                for (int p = 0; p < panels; p++)
                    Gather(sums.At(p), init.At(p), input + (p * a.Inputs + Native.Address(a.Index)[RowOf(a, r, step)]) * inputStep);
            if (Dense)
            {
                E* x = Native.Address(a.X) + RowOf(a, r, step) * a.XStride;
                Product<E, Plain<E>, W, L, S, InputRange<TStage>>.RunGroups(
                    panels, (Plain<E>*)x, Walk.Along(a.Inputs), input, inputStep, a.Inputs * inputStep, init, sums);
            }
            if (h != null || !Dense && !Indexed)
                Product<E, Plain<E>, W, L, S, HiddenRange<TStage>>.RunGroups(
                    panels, (Plain<E>*)h, Walk.Along(h != null ? stage.Operands : 0), weights, hiddenStep,
                    stage.Operands * hiddenStep, Dense || Indexed ? sums : init, sums);
            for (int p = 0; p < panels; p++) After(a, step, r, 1, panel + p, z + p * zStep);
        }
    }

    /// <summary>
    /// Panels in their order at even steps and back at odd ones, some at a time: what a cache still holds of weights that are larger than
    /// it are those of a step's last panels, with which the next begins.
    /// </summary>
    static int ThereAndBack(in Part part, int step, int turn, int most) =>
        (step & 1) == 0 ? turn : part.Panel0 + (part.Panel1 - 1 - turn) / most * most;

    /// <summary>
    /// At the first step states may come from anywhere, such as rows of a store: c for the cell behind this product, and h for the next
    /// tile are asked for while the product runs.
    /// </summary>
    static void PrefetchStates(in SequenceArguments<E> a, int r, int rows, int end, int panel, bool first)
    {
        if (TStage.HasC && a.C0.Address != 0)
            for (int i = 0; i < rows; i++) Prefetch(
                Native.Address(a.C0) + (nint)Native.Address(a.Slot)[r + i] * a.Units + panel * L.Width, 1);
        if (!TPlace.IsFirst || !first || a.H0.Address == 0) return;
        for (int next = r + rows; next < Math.Min(end, r + 2 * rows); next++)
            for (int unit = 0; unit < a.Outputs; unit += L.Width)
                Prefetch(Native.Address(a.H0) + (nint)Native.Address(a.Slot)[next] * a.Outputs + unit, 1);
    }

    /// <summary>The bias and the column of W_ih that an index names.</summary>
    static void Gather(E* sums, E* bias, W* column)
    {
        S sum = S.Load(new Pointer<E, L> { At = bias }, 0, S.Count);
        S w = S.Load(
            new GroupPointer<W, E, L, InputRange<TStage>> { At = column }, TStage.InputFirst, TStage.InputCount);
        S.Store(new Pointer<E, L> { At = sums }, S.Fma(sum, w, L.Splat(1), TStage.InputFirst, TStage.InputCount), 0, S.Count);
    }

    /// <summary>
    /// What follows a product while its tile is in the first-level cache: the equations; where these wait for a statistic, the sums are
    /// kept.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void After(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z)
    {
        if (TStage.Rounds > 0) Keep(z, Gates(a, panel, GateRow(a, r, step)), rows * S.Count);
        else if (Full(a, panel)) Equations<Whole>(a, step, r, rows, panel, z);
        else Equations<Cut>(a, step, r, rows, panel, z);
    }

    /// <summary>Vectors of sums to where gates are kept.</summary>
    static void Keep(E* z, G* gates, int vectors)
    {
        for (int i = 0; i < vectors; i++) G.Store(gates + i * L.Width, L.Load(z + i * L.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Equations<TEdge>(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z) where TEdge : struct, IEdge
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        int unit = panel * L.Width, count = stage.Units - unit;
        P parameters = UnitOf(a, panel);
        for (int end = r + rows; r < end; r++, z += S.Count * L.Width)
        {
            State<L> state = Load<TEdge>(a, step, r, unit, count);
            S slots = S.Load(new Pointer<E, L> { At = z }, 0, S.Count);
            B before = default;
            if (TStage.ReadsBefore) before = B.Load(new Pointer<G, E, L> { At = GatesBefore(a, panel, GateRow(a, r, step)) }, 0, B.Count);
            TStage.Forward(ref slots, ref before, parameters, StatisticsOf(a, r, step), ref state);
            if (TPlace.IsLast) TEdge.Store(Native.Address(a.Y) + RowOf(a, r, step) * a.YStride + unit, state.H, count);
            else TEdge.Store(Native.Address(stage.Made) + (nint)GateRow(a, r, step) * stage.Units + unit, state.H, count);
            if (TStage.HasC)
            {
                TEdge.Store(Native.Address(a.Cn) + (nint)Native.Address(a.Slot)[r] * a.Units + unit, state.C, count);
                if (a.Training != 0) TEdge.Store(Native.Address(a.Cs) + (nint)GateRow(a, r, step) * a.Units + unit, state.C, count);
            }
            if (a.Training == 0 && (TPlace.IsLast || stage.Keep == 0)) continue;
            S.Store(new Pointer<G, E, L> { At = Gates(a, panel, GateRow(a, r, step)) }, slots, 0, S.Count);
            if (TStage.ReadsBefore) B.Store(new Pointer<G, E, L> { At = GatesBefore(a, panel, GateRow(a, r, step)) }, before, 0, B.Count);
        }
    }

    /// <summary>The states that a step begins with. Where h enters by the product alone, the equations do not ask for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static State<L> Load<TEdge>(in SequenceArguments<E> a, int step, int r, int unit, int count) where TEdge : struct, IEdge
    {
        State<L> state = default;
        if (TStage.CarriesH) state.H = LoadOrZero<TEdge>(HiddenBefore(a, r, step), unit, count);
        if (!TStage.HasC) return state;
        E* c = step > a.Begin ? Native.Address(a.Cn) : Native.Address(a.C0);
        state.C = LoadOrZero<TEdge>(c == null ? null : c + (nint)Native.Address(a.Slot)[r] * a.Units, unit, count);
        return state;
    }

    [IntrinsicImplementation]
    public static void ForwardBegin(in SequenceArguments<E> a, in Part part)
    {
        if (a.Begin > 0) return;
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, TPlace.Of(in a).Units) - unit;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = Native.Address(a.Length)[r]; step < a.T; step++)
                Native.Clear(Native.Address(a.Y) + PaddingRow(a, r, step) * a.YStride + unit, count);
    }

    [IntrinsicImplementation]
    public static void ForwardEnd(in SequenceArguments<E> a, in Part part)
    {
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, TPlace.Of(in a).Units) - unit;
        for (int r = part.Row0; r < part.Row1; r++)
        {
            int length = Native.Address(a.Length)[r];
            if (TPlace.IsLast && a.End == a.Longest)
            {
                E* h = HiddenBefore(a, r, length);
                Carry(h == null ? null : h + unit, Native.Address(a.Hn) + (nint)Native.Address(a.Slot)[r] * a.Outputs + unit, count);
            }
            if (TStage.HasC && a.Begin == 0 && length == 0)
            {
                nint at = (nint)Native.Address(a.Slot)[r] * a.Units + unit;
                Carry(a.C0.Address == 0 ? null : Native.Address(a.C0) + at, Native.Address(a.Cn) + at, count);
            }
        }
    }
}
