using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

public partial struct PortableTile<E, L, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    public static void WeightGradient(in SequenceArguments<E> a, int worker, int workers)
    {
        WeightGradient<S1, G1, HiddenRow<E, L>>(a, a.First.Gates, new HiddenRow<E, L>(), worker, workers);
        if (TStep.Stages > 1) WeightGradient<S2, G2, InnerRow<E, L>>(a, a.Second.Gates, new InnerRow<E, L>(), worker, workers);
    }

    /// <summary>
    /// Items of work are a panel by 16 columns of [x h], and a panel's bias. A thread sums its unit's slots for four columns over all gate
    /// rows, the sum of a step before it is added to the total, and writes them where frameworks have them.
    /// </summary>
    static void WeightGradient<S, G, TOperand>(in SequenceArguments<E> a, Buffer<E> gates, TOperand hidden, int worker, int workers)
        where S : struct, ISlots<S, L> where G : struct, IStage where TOperand : struct, IOperand<E, SequenceArguments<E>>
    {
        int columns = PortableShape.Rows, xPieces = TInput.IsIndex ? 1 : (a.I + columns - 1) / columns;
        int pieces = xPieces + (a.H + columns - 1) / columns + 1;
        for (int item = worker; item < a.Panels * pieces; item += workers)
        {
            int panel = item / pieces, piece = item - panel * pieces;
            if (panel * Width + Lane >= a.H) continue;
            if (piece == pieces - 1) BiasGradient<S, G>(a, gates, panel);
            else if (piece >= xPieces)
                Columns<S, TOperand, HiddenGates<G>>(a, gates, hidden, panel, (piece - xPieces) * columns + Row, a.H, G.HiddenFirst, G.HiddenCount, a.Gradients.HiddenWeights);
            else if (TInput.IsIndex) Scatter<S, G>(a, gates, panel);
            else
                Columns<S, InputRow<E, L>, InputGates<G>>(a, gates, new InputRow<E, L>(), panel, piece * columns + Row, a.I, G.InputFirst, G.InputCount, a.Gradients.InputWeights);
        }
    }

    static void Columns<S, TOperand, TGates>(in SequenceArguments<E> a, Buffer<E> gates, TOperand operand, int panel, int column, int columns,
        int first, int count, Buffer<E> gradient)
        where S : struct, ISlots<S, L> where TOperand : struct, IOperand<E, SequenceArguments<E>> where TGates : struct, IGates
    {
        S t0 = default, t1 = default, t2 = default, t3 = default;
        for (int step = a.Begin; step < a.End; step++)
        {
            S s0 = default, s1 = default, s2 = default, s3 = default;
            int active = a.Active[step];
            for (int r = 0; r < active; r++)
            {
                S g = S.Load(new ViewMemory<E, L>(gates, GateAt<S>(a, panel, a.Offset[step] + r) + first * Width, Width), first, count);
                if (column < columns) s0 = S.Fma(s0, g, L.Of(operand.At(a, r, step, column)), first, count);
                if (column + 1 < columns) s1 = S.Fma(s1, g, L.Of(operand.At(a, r, step, column + 1)), first, count);
                if (column + 2 < columns) s2 = S.Fma(s2, g, L.Of(operand.At(a, r, step, column + 2)), first, count);
                if (column + 3 < columns) s3 = S.Fma(s3, g, L.Of(operand.At(a, r, step, column + 3)), first, count);
            }
            t0 = S.Fma(t0, s0, L.Splat(1), first, count);
            t1 = S.Fma(t1, s1, L.Splat(1), first, count);
            t2 = S.Fma(t2, s2, L.Splat(1), first, count);
            t3 = S.Fma(t3, s3, L.Splat(1), first, count);
        }
        Put<S, TGates>(a, panel, column, columns, first, count, gradient, t0);
        Put<S, TGates>(a, panel, column + 1, columns, first, count, gradient, t1);
        Put<S, TGates>(a, panel, column + 2, columns, first, count, gradient, t2);
        Put<S, TGates>(a, panel, column + 3, columns, first, count, gradient, t3);
    }

    /// <summary>1 if sums come on top of what is there: the caller's, or later segments'.</summary>
    static int Adds(in SequenceArguments<E> a) => a.End < a.Longest ? 1 : a.AddDw;

    static int GateAt<S>(in SequenceArguments<E> a, int panel, int gateRow) where S : struct, ISlots<S, L> =>
        (panel * a.PanelStride + gateRow * Width) * S.Count + Lane;

    static void Put<S, TGates>(in SequenceArguments<E> a, int panel, int column, int columns, int first, int count, Buffer<E> gradient, S sum)
        where S : struct, ISlots<S, L> where TGates : struct, IGates
    {
        if (column < columns)
            S.Store(new GradientMemory<E, L, TGates>(gradient, first, a.H * columns, (panel * Width + Lane) * columns + column, Adds(a)), sum, first, count);
    }

    static void BiasGradient<S, G>(in SequenceArguments<E> a, Buffer<E> gates, int panel) where S : struct, ISlots<S, L> where G : struct, IStage
    {
        if (Row > 0) return;
        S total = default;
        for (int step = a.Begin; step < a.End; step++)
        {
            S sum = default;
            for (int r = 0; r < a.Active[step]; r++)
                sum = S.Fma(sum, S.Load(new ViewMemory<E, L>(gates, GateAt<S>(a, panel, a.Offset[step] + r), Width), 0, S.Count), L.Splat(1), 0, S.Count);
            total = S.Fma(total, sum, L.Splat(1), 0, S.Count);
        }
        int unit = panel * Width + Lane;
        if (a.Gradients.InputBias.Length > 0)
            S.Store(new BiasMemory<E, L, G, InputGates<G>>(a.Gradients.InputBias, G.InputFirst, G.InputCount, a.H, unit, Adds(a)), total, 0, S.Count);
        if (a.Gradients.HiddenBias.Length > 0)
            S.Store(new BiasMemory<E, L, G, HiddenGates<G>>(a.Gradients.HiddenBias, G.HiddenFirst, G.HiddenCount, a.H, unit, Adds(a)), total, 0, S.Count);
    }

    /// <summary>Adds gate gradients to the columns that indices name, in the order of gate rows.</summary>
    static void Scatter<S, G>(in SequenceArguments<E> a, Buffer<E> gates, int panel) where S : struct, ISlots<S, L> where G : struct, IStage
    {
        if (Row > 0) return;
        int unit = (panel * Width + Lane) * a.I;
        S zero = default;
        if (Adds(a) == 0)
            for (int i = 0; i < a.I; i++)
                S.Store(new GradientMemory<E, L, InputGates<G>>(a.Gradients.InputWeights, G.InputFirst, a.H * a.I, unit + i, 0), zero, G.InputFirst, G.InputCount);
        for (int step = a.Begin; step < a.End; step++)
            for (int r = 0; r < a.Active[step]; r++)
            {
                S g = S.Load(new ViewMemory<E, L>(gates, GateAt<S>(a, panel, a.Offset[step] + r) + G.InputFirst * Width, Width), G.InputFirst, G.InputCount);
                int column = unit + a.Index[RowOf(a, r, step)];
                S.Store(new GradientMemory<E, L, InputGates<G>>(a.Gradients.InputWeights, G.InputFirst, a.H * a.I, column, 1), g, G.InputFirst, G.InputCount);
            }
    }
}
