using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Sequence;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Tiles.Cpu;

public unsafe partial struct CpuTile<E, L, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void ClearPadding(in SequenceArguments<E> a, in Part part)
    {
        int unit = part.Panel0 * L.Width, count = Math.Min(part.Panel1 * L.Width, a.H) - unit;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = a.Length[r]; step < a.T; step++)
                Memory.Clear(Memory.Address(a.Y) + PaddingRow(a, r, step) * a.YStride + unit, count);
    }

    /// <summary>Padding stands behind a sequence in both directions: the row that the forward direction would read at this step.</summary>
    static nint PaddingRow(in SequenceArguments<E> a, int r, int step) => a.RowStep > 0
        ? RowOf(a, r, step)
        : a.Start[r] + (nint)(a.Length[r] - 1 - step) * a.RowStep;

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
            nint at = (nint)a.Slot[r] * a.H + unit;
            E* h = HiddenBefore(a, r, a.Length[r]);
            Carry(h == null ? null : h + unit, Memory.Address(a.Hn) + at, count);
            if (TStep.HasC && a.Length[r] == 0)
                Carry(a.C0.Length == 0 ? null : Memory.Address(a.C0) + at, Memory.Address(a.Cn) + at, count);
        }
    }

    static void Carry(E* from, E* to, int count)
    {
        if (from == null) Memory.Clear(to, count);
        else if (from != to) Memory.Copy(from, to, count);
    }

    /// <summary>What follows a gate product while its tile is in the first-level cache.</summary>
    interface IAfter
    {
        static abstract bool Second { get; }
        static abstract void Rows(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z);
    }

    /// <summary>A stage of a step: tiles of rows under each panel of weights, and what follows the product on each tile.</summary>
    static void Stage<S, G, TAfter>(in SequenceArguments<E> a, in StageArguments<E> stage, in Part part, int step)
        where S : struct, ISlots<S, L> where G : struct, IStage where TAfter : struct, IAfter
    {
        int end = part.ActiveEnd(a, step), zStep = S.Count * L.Width, panels;
        if (end == part.Row0) return;
        E* z = stackalloc E[6 * zStep];
        GateTile<E> tile = new()
        {
            I = a.I, H_ = TAfter.Second || step > 0 || a.H0.Length != 0 ? a.H : 0, Z = z,
            InputStride = (nint)a.I * G.InputCount * L.Width, HiddenStride = (nint)a.H * G.HiddenCount * L.Width,
        };
        for (int panel = part.Panel0; panel < part.Panel1; panel += panels)
        {
            panels = 1;
            tile.InputWeights = Memory.Address(stage.Input) + panel * tile.InputStride;
            tile.HiddenWeights = Memory.Address(stage.Hidden) + panel * tile.HiddenStride;
            tile.Bias = Memory.Address(stage.Bias) + panel * zStep;
            if (end - part.Row0 == 1)
            {
                panels = Math.Min(part.Panel1 - panel, GateProduct<E, L, S, G, TInput>.MostPanels);
                SetRow<TAfter>(ref tile, a, step, part.Row0, 0);
                GateProduct<E, L, S, G, TInput>.Panels(panels, tile);
                for (int p = 0; p < panels; p++) TAfter.Rows(a, step, part.Row0, 1, panel + p, z + p * zStep);
            }
            else
                for (int r = part.Row0, rows; r < end; r += rows)
                {
                    rows = Rows<E>.Next(end - r, Product<E, L, S>.MostRows);
                    for (int i = 0; i < rows; i++) SetRow<TAfter>(ref tile, a, step, r + i, i);
                    GateProduct<E, L, S, G, TInput>.Rows(rows, tile);
                    TAfter.Rows(a, step, r, rows, panel, z);
                }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SetRow<TAfter>(ref GateTile<E> tile, in SequenceArguments<E> a, int step, int r, int i) where TAfter : struct, IAfter
    {
        nint row = RowOf(a, r, step);
        if (TInput.IsIndex) tile.Index[i] = a.Index[(long)row];
        else tile.X.Set(i, Memory.Address(a.X) + row * a.XStride);
        tile.H.Set(i, TAfter.Second ? Inner(a, r, step) : HiddenBefore(a, r, step));
    }

    /// <summary>q of a sequence at a step.</summary>
    static E* Inner(in SequenceArguments<E> a, int r, int step) => Memory.Address(a.Q) + (nint)(a.Offset[step] + r) * a.H;

    /// <summary>Behind the first product: the cell, or of a two-stage cell what enters the second product.</summary>
    struct AfterFirst : IAfter
    {
        public static bool Second => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Rows(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z)
        {
            int unit = panel * L.Width, count = a.H - unit;
            for (int end = r + rows; r < end; r++, z += S1.Count * L.Width)
            {
                S1 first = S1.Load(new Pointer<E, L>(z), 0, S1.Count);
                E* before = HiddenBefore(a, r, step);
                if (TStep.Stages == 1)
                {
                    S2 none = default;
                    Step(a, step, r, panel, before, ref first, ref none);
                    if (a.Training != 0) Save(a, a.First, step, r, panel, first);
                }
                else
                {
                    L q = TStep.Inner(ref first, new() { H = LoadOrZero(before, unit, count) });
                    Memory.Store(Inner(a, r, step) + unit, q, count);
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
        public static void Rows(in SequenceArguments<E> a, int step, int r, int rows, int panel, E* z)
        {
            for (int end = r + rows; r < end; r++, z += S2.Count * L.Width)
            {
                S1 first = S1.Load(new Pointer<E, L>(Gates<S1>(a, a.First, panel, a.Offset[step] + r)), 0, S1.Count);
                S2 second = S2.Load(new Pointer<E, L>(z), 0, S2.Count);
                Step(a, step, r, panel, HiddenBefore(a, r, step), ref first, ref second);
                if (a.Training == 0) continue;
                Save(a, a.First, step, r, panel, first);
                Save(a, a.Second, step, r, panel, second);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Save<S>(in SequenceArguments<E> a, in StageArguments<E> stage, int step, int r, int panel, S slots) where S : struct, ISlots<S, L> =>
        S.Store(new Pointer<E, L>(Gates<S>(a, stage, panel, a.Offset[step] + r)), slots, 0, S.Count);

    /// <summary>The cell's equations on the units of a panel, between its states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step(in SequenceArguments<E> a, int step, int r, int panel, E* before, ref S1 first, ref S2 second)
    {
        int unit = panel * L.Width, count = a.H - unit;
        State<L> state = new() { H = LoadOrZero(before, unit, count) };
        E* c = null;
        if (TStep.HasC)
        {
            nint slot = (nint)a.Slot[r] * a.H;
            c = Memory.Address(a.Cn) + slot;
            state.C = LoadOrZero(step > 0 ? c : a.C0.Length == 0 ? null : Memory.Address(a.C0) + slot, unit, count);
        }
        TStep.Forward(ref first, ref second, ref state);
        Memory.Store(Memory.Address(a.Y) + RowOf(a, r, step) * a.YStride + unit, state.H, count);
        if (!TStep.HasC) return;
        Memory.Store(c + unit, state.C, count);
        if (a.Training != 0) Memory.Store(Memory.Address(a.Cs) + (nint)(a.Offset[step] + r) * a.H + unit, state.C, count);
    }
}
