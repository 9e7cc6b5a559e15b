using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

public partial struct PortableTile<E, L, S1, S2, G1, G2, TStep, TInput>
{
    /// <summary>The gate product of a stage for this thread's unit of a panel and its four rows of a tile.</summary>
    static void Gate<S, G, TOperand>(in SequenceArguments<E> a, in StageArguments<E> stage, TOperand hidden, int panel, int tile, int end, int step,
        ref S s0, ref S s1, ref S s2, ref S s3)
        where S : struct, ISlots<S, L> where G : struct, IStage where TOperand : struct, IOperand<E, SequenceArguments<E>>
    {
        int width = PortableShape.Width, xStep = G.InputCount * width, hStep = G.HiddenCount * width;
        s0 = S.Load(new ViewMemory<E, L>(stage.Bias, panel * S.Count * width + Lane, width), 0, S.Count);
        s1 = s0;
        s2 = s0;
        s3 = s0;
        int at = panel * a.I * xStep + Lane;
        if (TInput.IsIndex)
        {
            s0 = Gather<S, G>(a, stage.Input, at, tile + Row, end, step, s0);
            s1 = Gather<S, G>(a, stage.Input, at, tile + Row + 1, end, step, s1);
            s2 = Gather<S, G>(a, stage.Input, at, tile + Row + 2, end, step, s2);
            s3 = Gather<S, G>(a, stage.Input, at, tile + Row + 3, end, step, s3);
        }
        else
            PortableProduct<E, L, SequenceArguments<E>>.Add(a, new InputRow<E, L>(), tile, end, step, a.I, stage.Input, at, xStep, width, G.InputFirst, G.InputCount, ref s0, ref s1, ref s2, ref s3);
        PortableProduct<E, L, SequenceArguments<E>>.Add(a, hidden, tile, end, step, a.H, stage.Hidden, panel * a.H * hStep + Lane, hStep, width, G.HiddenFirst, G.HiddenCount,
            ref s0, ref s1, ref s2, ref s3);
    }

    static S Gather<S, G>(in SequenceArguments<E> a, Buffer<E> weights, int at, int r, int end, int step, S s)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        if (r >= end) return s;
        int column = at + a.Index[RowOf(a, r, step)] * G.InputCount * PortableShape.Width;
        S w = S.Load(new ViewMemory<E, L>(weights, column, PortableShape.Width), G.InputFirst, G.InputCount);
        return S.Fma(s, w, L.Splat(1), G.InputFirst, G.InputCount);
    }

    /// <summary>
    /// Gate gradients of a stage times a matrix packed by columns, for four rows of a tile and this thread's column of a panel.
    /// </summary>
    static void Back<S>(in SequenceArguments<E> a, Buffer<E> gates, int first, int count, int tile, int end, int step,
        Buffer<E> weights, int columns, int panel, ref Slots1<L> s0, ref Slots1<L> s1, ref Slots1<L> s2, ref Slots1<L> s3) where S : struct, ISlots<S, L>
    {
        int panels = (columns + PortableShape.Width - 1) / PortableShape.Width, block = panel / 4 * 4;
        int wide = (panels - block < 4 ? panels - block : 4) * PortableShape.Width, k = a.Panels * count * PortableShape.Width;
        PortableProduct<E, L, SequenceArguments<E>>.Add(a, new GateRow<E, L>(gates, S.Count, first, count), tile, end, step, k,
            weights, block * PortableShape.Width * k + (panel - block) * PortableShape.Width + Lane, wide, 1, 0, 1, ref s0, ref s1, ref s2, ref s3);
    }
}
