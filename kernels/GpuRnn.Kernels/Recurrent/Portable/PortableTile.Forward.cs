using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

public partial struct PortableTile<E, L, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    public static void ClearPadding(in SequenceArguments<E> a, in Part part)
    {
        int unit0 = part.Panel0 * Width, end = part.Panel1 * Width < a.H ? part.Panel1 * Width : a.H;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int step = a.Length[r]; step < a.T; step++)
                for (int unit = unit0 + Group.IdxX; unit < end; unit += PortableShape.Threads)
                    a.Y[PaddingRow(a, r, step) * a.YStride + unit] = Zero;
    }

    /// <inheritdoc/>
    public static void Forward(in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
            {
                S1 s0 = default, s1 = default, s2 = default, s3 = default;
                Gate<S1, G1, HiddenRow<E, L>>(a, a.First, new HiddenRow<E, L>(), panel, tile, end, step, ref s0, ref s1, ref s2, ref s3);
                AfterFirst(a, panel, tile + Row, end, step, s0);
                AfterFirst(a, panel, tile + Row + 1, end, step, s1);
                AfterFirst(a, panel, tile + Row + 2, end, step, s2);
                AfterFirst(a, panel, tile + Row + 3, end, step, s3);
            }
    }

    static void AfterFirst(in SequenceArguments<E> a, int panel, int r, int end, int step, S1 first)
    {
        int unit = panel * Width + Lane;
        if (r >= end || unit >= a.H) return;
        if (TStep.Stages == 1)
        {
            S2 none = default;
            Step(a, r, step, unit, ref first, ref none);
            if (a.Training != 0) S1.Store(Gates<S1>(a, a.First.Gates, panel, a.Offset[step] + r, Lane), first, 0, S1.Count);
        }
        else
        {
            L q = TStep.Inner(ref first, new State<L> { H = Hidden(a, r, step, unit) });
            a.Q[(a.Offset[step] + r) * a.H + unit] = L.Value(q);
            S1.Store(Gates<S1>(a, a.First.Gates, panel, a.Offset[step] + r, Lane), first, 0, S1.Count);
        }
    }

    /// <inheritdoc/>
    public static void ForwardSecond(in SequenceArguments<E> a, in Part part, int step)
    {
        int end = part.ActiveEnd(a, step);
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
            {
                S2 s0 = default, s1 = default, s2 = default, s3 = default;
                Gate<S2, G2, InnerRow<E, L>>(a, a.Second, new InnerRow<E, L>(), panel, tile, end, step, ref s0, ref s1, ref s2, ref s3);
                AfterSecond(a, panel, tile + Row, end, step, s0);
                AfterSecond(a, panel, tile + Row + 1, end, step, s1);
                AfterSecond(a, panel, tile + Row + 2, end, step, s2);
                AfterSecond(a, panel, tile + Row + 3, end, step, s3);
            }
    }

    static void AfterSecond(in SequenceArguments<E> a, int panel, int r, int end, int step, S2 second)
    {
        int unit = panel * Width + Lane;
        if (r >= end || unit >= a.H) return;
        S1 first = S1.Load(Gates<S1>(a, a.First.Gates, panel, a.Offset[step] + r, Lane), 0, S1.Count);
        Step(a, r, step, unit, ref first, ref second);
        if (a.Training == 0) return;
        S1.Store(Gates<S1>(a, a.First.Gates, panel, a.Offset[step] + r, Lane), first, 0, S1.Count);
        S2.Store(Gates<S2>(a, a.Second.Gates, panel, a.Offset[step] + r, Lane), second, 0, S2.Count);
    }

    /// <summary>The cell's equations on one unit, between its states.</summary>
    static void Step(in SequenceArguments<E> a, int r, int step, int unit, ref S1 first, ref S2 second)
    {
        int slot = a.Slot[r] * a.H + unit;
        State<L> state = new() { H = Hidden(a, r, step, unit), C = L.Splat(0) };
        if (TStep.HasC) state.C = step > a.Begin ? L.Of(a.Cn[slot]) : a.C0.Length > 0 ? L.Of(a.C0[slot]) : L.Splat(0);
        TStep.Forward(ref first, ref second, ref state);
        a.Y[RowOf(a, r, step) * a.YStride + unit] = L.Value(state.H);
        if (!TStep.HasC) return;
        a.Cn[slot] = L.Value(state.C);
        if (a.Training != 0) a.Cs[(a.Offset[step] + r) * a.H + unit] = L.Value(state.C);
    }

    /// <inheritdoc/>
    public static void FinishStates(in SequenceArguments<E> a, in Part part)
    {
        int unit0 = part.Panel0 * Width, end = part.Panel1 * Width < a.H ? part.Panel1 * Width : a.H;
        for (int r = part.Row0; r < part.Row1; r++)
            for (int unit = unit0 + Group.IdxX; unit < end; unit += PortableShape.Threads)
            {
                int slot = a.Slot[r] * a.H + unit;
                if (a.End == a.Longest) a.Hn[slot] = L.Value(Hidden(a, r, a.Length[r], unit));
                if (TStep.HasC && a.Begin == 0 && a.Length[r] == 0) a.Cn[slot] = a.C0.Length > 0 ? a.C0[slot] : Zero;
            }
    }
}
