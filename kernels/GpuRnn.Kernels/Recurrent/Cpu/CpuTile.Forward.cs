using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

public unsafe partial struct CpuTile<E, L, C, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void ClearPadding(in SequenceArguments<E> a, in Part part)
    {
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, a.H) - unit;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = Native.Address(a.Length)[r]; step < a.T; step++)
                Native.Clear(Native.Address(a.Y) + PaddingRow(a, r, step) * a.YStride + unit, count);
    }

    /// <summary>Padding stands behind a sequence in both directions: the row that the forward direction would read at this step.</summary>
    static nint PaddingRow(in SequenceArguments<E> a, int r, int step) => a.RowStep > 0
        ? RowOf(a, r, step)
        : Native.Address(a.Start)[r] + (nint)(Native.Address(a.Length)[r] - 1 - step) * a.RowStep;

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Forward(in SequenceArguments<E> a, in Part part, int step) =>
        Stage<S1, G1, AfterFirst>(a, a.First, part, step);

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void ForwardSecond(in SequenceArguments<E> a, in Part part, int step) =>
        Stage<S2, G2, AfterSecond>(a, a.Second, part, step);

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void FinishStates(in SequenceArguments<E> a, in Part part)
    {
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, a.H) - unit;
        for (int r = part.Row0; r < part.Row1; r++)
        {
            nint at = (nint)Native.Address(a.Slot)[r] * a.H + unit;
            if (a.End == a.Longest)
            {
                E* h = HiddenBefore(a, r, Native.Address(a.Length)[r]);
                Carry(h == null ? null : h + unit, Native.Address(a.Hn) + at, count);
            }
            if (TStep.HasC && a.Begin == 0 && Native.Address(a.Length)[r] == 0)
                Carry(a.C0.Address == 0 ? null : Native.Address(a.C0) + at, Native.Address(a.Cn) + at, count);
        }
    }

    static void Carry(E* from, E* to, int count)
    {
        if (from == null) Native.Clear(to, count);
        else if (from != to) Native.Copy(from, to, count);
    }

    /// <summary>What follows a gate product while its tile is in the first-level cache.</summary>
    interface IAfter
    {
        static abstract bool Second { get; }
        static abstract void Rows<TEdge>(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z) where TEdge : struct, IEdge;
    }

    /// <summary>Is the product of x made with each step?</summary>
    static bool Dense => !TInput.IsIndex && !TInput.IsProjected;

    /// <summary>Do x and h feed the same slots, so that one product takes both?</summary>
    static bool Joined<G>() where G : struct, IStage => Dense && G.InputFirst == G.HiddenFirst && G.InputCount == G.HiddenCount;

    /// <summary>Has a panel all its units?</summary>
    static bool Full(in SequenceArguments<E> a, int panel) => a.H - panel * L.Width >= L.Width;

    /// <summary>A stage of a step: tiles of rows under each panel of weights, and what follows the product on each tile.</summary>
    static void Stage<S, G, TAfter>(in SequenceArguments<E> a, in StageArguments<E> stage, in Part part, int step)
        where S : struct, ISlots<S, L> where G : struct, IStage where TAfter : struct, IAfter
    {
        int end = part.ActiveEnd(a, step), zStep = S.Count * L.Width;
        if (end - part.Row0 == 1) RowUnderPanels<S, G, TAfter>(a, stage, part, step);
        if (end - part.Row0 <= 1) return;
        bool hidden = TAfter.Second || step > 0 || a.H0.Address != 0;
        nint inputStep = G.InputCount * L.Width, hiddenStep = G.HiddenCount * L.Width;
        E* z = stackalloc E[6 * zStep];
        Rows<E> x = default, h = default, sums = Rows<E>.Strided(z, zStep);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
        {
            E* input = Native.Address(stage.Input) + panel * a.I * inputStep, weights = Native.Address(stage.Hidden) + panel * a.H * hiddenStep;
            Rows<E> init = Rows<E>.Strided(Native.Address(stage.Bias) + panel * zStep, 0);
            for (int r = part.Row0, rows; r < end; r += rows)
            {
                rows = Rows<E>.Next(end - r, Product<E, L, S, HiddenRange<G>>.MostRows);
                for (int i = 0; i < rows; i++) h.Set(i, TAfter.Second ? Inner(a, r + i, step) : HiddenBefore(a, r + i, step));
                if (TInput.IsIndex)
                    for (int i = 0; i < rows; i++)
                        Gather<S, G>(sums.At(i), init.A, input + Native.Address(a.Index)[RowOf(a, r + i, step)] * inputStep);
                else if (TInput.IsProjected)
                    for (int i = 0; i < rows; i++) init.Set(i, Gates<S>(a, stage, panel, Native.Address(a.Offset)[step] + r + i));
                else
                    for (int i = 0; i < rows; i++) x.Set(i, Native.Address(a.X) + RowOf(a, r + i, step) * a.XStride);
                if (step == a.Begin) PrefetchStates(a, r, rows, end, panel, panel == part.Panel0);
                if (Joined<G>() && hidden)
                    Product<E, L, S, InputRange<G>>.Run(rows, x, Walk.Both(x, a.I, h, a.H, (nint)(weights - input) - a.I * inputStep), input, inputStep, init, sums);
                else
                {
                    if (Dense) Product<E, L, S, InputRange<G>>.Run(rows, x, Walk.Along(a.I), input, inputStep, init, sums);
                    if (hidden || TInput.IsProjected)
                        Product<E, L, S, HiddenRange<G>>.Run(rows, h, Walk.Along(hidden ? a.H : 0), weights, hiddenStep, TInput.IsProjected ? init : sums, sums);
                }
                if (Full(a, panel)) TAfter.Rows<Whole>(a, step, r, rows, panel, z);
                else TAfter.Rows<Cut>(a, step, r, rows, panel, z);
            }
        }
    }

    /// <summary>The same for a single row, which takes several panels at a time.</summary>
    static void RowUnderPanels<S, G, TAfter>(in SequenceArguments<E> a, in StageArguments<E> stage, in Part part, int step)
        where S : struct, ISlots<S, L> where G : struct, IStage where TAfter : struct, IAfter
    {
        int r = part.Row0, zStep = S.Count * L.Width;
        nint inputStep = G.InputCount * L.Width, hiddenStep = G.HiddenCount * L.Width;
        E* z = stackalloc E[6 * zStep], h = TAfter.Second ? Inner(a, r, step) : HiddenBefore(a, r, step);
        Rows<E> sums = Rows<E>.Strided(z, zStep);
        for (int panel = part.Panel0, panels; panel < part.Panel1; panel += panels)
        {
            panels = Math.Min(part.Panel1 - panel, Product<E, L, S, HiddenRange<G>>.MostGroups);
            E* input = Native.Address(stage.Input) + panel * a.I * inputStep, weights = Native.Address(stage.Hidden) + panel * a.H * hiddenStep;
            Rows<E> init = TInput.IsProjected
                ? Rows<E>.Strided(Gates<S>(a, stage, panel, Native.Address(a.Offset)[step] + r), (nint)a.PanelStride * S.Count)
                : Rows<E>.Strided(Native.Address(stage.Bias) + panel * zStep, zStep);
            if (TInput.IsIndex)
                for (int p = 0; p < panels; p++)
                    Gather<S, G>(sums.At(p), init.At(p), input + (p * a.I + Native.Address(a.Index)[RowOf(a, r, step)]) * inputStep);
            if (Dense)
            {
                E* x = Native.Address(a.X) + RowOf(a, r, step) * a.XStride;
                Product<E, L, S, InputRange<G>>.RunGroups(panels, x, Walk.Along(a.I), input, inputStep, a.I * inputStep, init, sums);
            }
            if (h != null || TInput.IsProjected)
                Product<E, L, S, HiddenRange<G>>.RunGroups(panels, h, Walk.Along(h != null ? a.H : 0), weights, hiddenStep, a.H * hiddenStep,
                    TInput.IsProjected ? init : sums, sums);
            for (int p = 0; p < panels; p++)
                if (Full(a, panel + p)) TAfter.Rows<Whole>(a, step, r, 1, panel + p, z + p * zStep);
                else TAfter.Rows<Cut>(a, step, r, 1, panel + p, z + p * zStep);
        }
    }

    /// <summary>
    /// At the first step states may come from anywhere, such as rows of a store: c for the cell behind this product, and h for the next
    /// tile are asked for while the product runs.
    /// </summary>
    static void PrefetchStates(in SequenceArguments<E> a, int r, int rows, int end, int panel, bool first)
    {
        if (TStep.HasC && a.C0.Address != 0)
            for (int i = 0; i < rows; i++) Prefetch(Native.Address(a.C0) + (nint)Native.Address(a.Slot)[r + i] * a.H + panel * L.Width, 1);
        if (!first || a.H0.Address == 0) return;
        for (int next = r + rows; next < Math.Min(end, r + 2 * rows); next++)
            for (int unit = 0; unit < a.H; unit += L.Width) Prefetch(Native.Address(a.H0) + (nint)Native.Address(a.Slot)[next] * a.H + unit, 1);
    }

    /// <summary>The bias and the column of W_ih that an index names.</summary>
    static void Gather<S, G>(E* sums, E* bias, E* column) where S : struct, ISlots<S, L> where G : struct, IStage
    {
        S sum = S.Load(new Pointer<E, L> { At = bias }, 0, S.Count);
        S w = S.Load(new Pointer<E, L> { At = column }, G.InputFirst, G.InputCount);
        S.Store(new Pointer<E, L> { At = sums }, S.Fma(sum, w, L.Splat(1), G.InputFirst, G.InputCount), 0, S.Count);
    }

    /// <summary>q of a sequence at a step.</summary>
    static E* Inner(in SequenceArguments<E> a, int r, int step) => Native.Address(a.Q) + (nint)(Native.Address(a.Offset)[step] + r) * a.H;

    /// <summary>Behind the first product: the cell, or of a two-stage cell what enters the second product.</summary>
    struct AfterFirst : IAfter
    {
        public static bool Second => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Rows<TEdge>(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z) where TEdge : struct, IEdge
        {
            int unit = panel * L.Width, count = a.H - unit;
            for (int end = r + rows; r < end; r++, z += S1.Count * L.Width)
            {
                E* before = HiddenBefore(a, r, step);
                if (TStep.Stages == 1)
                {
                    State<L> state = Load<TEdge>(a, step, r, unit, count, before);
                    S1 first = S1.Load(new Pointer<E, L> { At = z }, 0, S1.Count);
                    S2 none = default;
                    TStep.Forward(ref first, ref none, ref state);
                    Store<TEdge>(a, step, r, unit, count, state);
                    if (a.Training != 0) Save(a, a.First, step, r, panel, first);
                }
                else
                {
                    State<L> previous = new() { H = LoadOrZero<TEdge>(before, unit, count) };
                    S1 first = S1.Load(new Pointer<E, L> { At = z }, 0, S1.Count);
                    L q = TStep.Inner(ref first, previous);
                    TEdge.Store(Inner(a, r, step) + unit, q, count);
                    Save(a, a.First, step, r, panel, first);
                }
            }
        }
    }

    /// <summary>Behind the second product: the rest of the cell.</summary>
    struct AfterSecond : IAfter
    {
        public static bool Second => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Rows<TEdge>(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z) where TEdge : struct, IEdge
        {
            int unit = panel * L.Width, count = a.H - unit;
            for (int end = r + rows; r < end; r++, z += S2.Count * L.Width)
            {
                State<L> state = Load<TEdge>(a, step, r, unit, count, HiddenBefore(a, r, step));
                S1 first = S1.Load(new Pointer<E, L> { At = Gates<S1>(a, a.First, panel, Native.Address(a.Offset)[step] + r) }, 0, S1.Count);
                S2 second = S2.Load(new Pointer<E, L> { At = z }, 0, S2.Count);
                TStep.Forward(ref first, ref second, ref state);
                Store<TEdge>(a, step, r, unit, count, state);
                if (a.Training == 0) continue;
                Save(a, a.First, step, r, panel, first);
                Save(a, a.Second, step, r, panel, second);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Save<S>(in SequenceArguments<E> a, in StageArguments<E> stage, int step, int r, int panel, S slots) where S : struct, ISlots<S, L> =>
        S.Store(new Pointer<E, L> { At = Gates<S>(a, stage, panel, Native.Address(a.Offset)[step] + r) }, slots, 0, S.Count);

    /// <summary>The states that a step begins with. Where h enters by the product alone, the cell does not ask for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static State<L> Load<TEdge>(in SequenceArguments<E> a, int step, int r, int unit, int count, E* before) where TEdge : struct, IEdge
    {
        State<L> state = default;
        if (TStep.CarriesH) state.H = LoadOrZero<TEdge>(before, unit, count);
        if (!TStep.HasC) return state;
        E* c = step > a.Begin ? Native.Address(a.Cn) : Native.Address(a.C0);
        state.C = LoadOrZero<TEdge>(c == null ? null : c + (nint)Native.Address(a.Slot)[r] * a.H, unit, count);
        return state;
    }

    /// <summary>The states that a step ends with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TEdge>(in SequenceArguments<E> a, int step, int r, int unit, int count, State<L> state) where TEdge : struct, IEdge
    {
        TEdge.Store(Native.Address(a.Y) + RowOf(a, r, step) * a.YStride + unit, state.H, count);
        if (!TStep.HasC) return;
        TEdge.Store(Native.Address(a.Cn) + (nint)Native.Address(a.Slot)[r] * a.H + unit, state.C, count);
        if (a.Training != 0) TEdge.Store(Native.Address(a.Cs) + (nint)(Native.Address(a.Offset)[step] + r) * a.H + unit, state.C, count);
    }
}
