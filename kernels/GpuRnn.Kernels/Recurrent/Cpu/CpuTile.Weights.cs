using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

public unsafe partial struct CpuTile<E, L, C, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void WeightGradient(in SequenceArguments<E> a, int worker, int workers)
    {
        WeightGradient<S1, G1, AfterFirst>(a, a.First, worker, workers);
        if (TStep.Stages > 1) WeightGradient<S2, G2, AfterSecond>(a, a.Second, worker, workers);
    }

    /// <summary>
    /// dW of a stage: gate rows in blocks of KBlock, the sum of each block in registers, blocks added in order. Items of work are
    /// pieces of 24 columns of [x h] under a panel, and a panel's bias; which worker makes an item changes no bit of it.
    /// </summary>
    static void WeightGradient<S, G, TOperand>(in SequenceArguments<E> a, in StageArguments<E> stage, int worker, int workers)
        where S : struct, ISlots<S, L> where G : struct, IStage where TOperand : struct, IAfter
    {
        int xColumns = TInput.IsIndex ? 0 : a.I, stride = WeightProduct.RowStride(xColumns + a.H, L.Width);
        int xPieces = TInput.IsIndex ? 1 : WeightProduct.Pieces(a.I), pieces = xPieces + WeightProduct.Pieces(a.H) + 1;
        int first = Part.Share(a.Panels * pieces, worker, workers), last = Part.Share(a.Panels * pieces, worker + 1, workers);
        if (first == last) return;
        E* xh = Native.Address(a.Scratch) + (nint)worker * a.ScratchStride;
        nint xStep = G.InputCount * L.Width, hStep = G.HiddenCount * L.Width, sStep = S.Count * L.Width;
        int rows = a.End == a.Begin ? 0 : Native.Address(a.Offset)[a.End - 1] + Native.Address(a.Active)[a.End - 1];
        RowCursor cursor = new() { Step = a.Begin };
        for (int k0 = 0, k; k0 < rows; k0 += k)
        {
            k = Math.Min(WeightProduct.KBlock, rows - k0);
            bool add = k0 > 0 || a.End < a.Longest;
            RowCursor from = cursor;
            CopyRows<TOperand>(a, xh, stride, xColumns, k, ref cursor);
            for (int item = first; item < last; item++)
            {
                int panel = item / pieces, piece = item % pieces;
                E* gates = Gates<S>(a, stage, panel, k0);
                if (piece == pieces - 1)
                    WeightProduct.Bias<E, L, S>(k, gates, sStep, Native.Address(stage.DBias) + panel * sStep, add);
                else if (piece >= xPieces)
                {
                    int column = WeightProduct.Column(piece - xPieces), n = Math.Min(WeightProduct.Piece, a.H - column);
                    WeightProduct.Outer<E, L, S, HiddenRange<G>>(n, xh + xColumns + column, stride, k, gates, sStep,
                        Native.Address(stage.DHidden) + ((nint)panel * a.H + column) * hStep, add);
                }
                else if (TInput.IsIndex)
                    Scatter<S, G>(a, Native.Address(stage.DInput) + (nint)panel * a.I * xStep, gates, k, from, add);
                else
                {
                    int column = WeightProduct.Column(piece), n = Math.Min(WeightProduct.Piece, a.I - column);
                    WeightProduct.Outer<E, L, S, InputRange<G>>(n, xh + column, stride, k, gates, sStep,
                        Native.Address(stage.DInput) + ((nint)panel * a.I + column) * xStep, add);
                }
            }
        }
        if (a.Begin > 0) return; // earlier steps' sums come on top
        for (int item = first; item < last; item++)
            Unpack<S, G>(a, stage, item / pieces, item % pieces, xPieces, pieces, a.Longest == 0);
    }

    /// <summary>Walks over gate rows in their order.</summary>
    struct RowCursor
    {
        public int Step, Next;

        /// <summary>The next row's sequence; its step is then in Step.</summary>
        public int Row(in SequenceArguments<E> a)
        {
            if (Next == Native.Address(a.Active)[Step]) (Step, Next) = (Step + 1, 0);
            return Next++;
        }
    }

    /// <summary>The next k rows of [x, h of the step before (or q)], side by side.</summary>
    static void CopyRows<TOperand>(in SequenceArguments<E> a, E* to, int stride, int xColumns, int k, ref RowCursor cursor) where TOperand : struct, IAfter
    {
        for (int i = 0; i < k; i++, to += stride)
        {
            int r = cursor.Row(a), step = cursor.Step;
            if (xColumns > 0) Native.Copy(Native.Address(a.X) + RowOf(a, r, step) * a.XStride, to, xColumns);
            Carry(TOperand.Second ? Inner(a, r, step) : HiddenBefore(a, r, step), to + xColumns, a.H);
        }
    }

    /// <summary>Adds gate gradients to the columns that indices name, in the order of gate rows.</summary>
    static void Scatter<S, G>(in SequenceArguments<E> a, E* dInput, E* gates, int k, RowCursor cursor, bool add) where S : struct, ISlots<S, L> where G : struct, IStage
    {
        nint xStep = G.InputCount * L.Width;
        if (!add) for (nint i = 0; i < a.I; i++) Native.Clear(dInput + i * xStep, (int)xStep);
        L one = L.Splat(1);
        for (int i = 0; i < k; i++, gates += S.Count * L.Width)
        {
            int r = cursor.Row(a);
            E* column = dInput + Native.Address(a.Index)[RowOf(a, r, cursor.Step)] * xStep;
            S sum = S.Load(new Pointer<E, L> { At = column }, G.InputFirst, G.InputCount);
            S gradient = S.Load(new Pointer<E, L> { At = gates + G.InputFirst * L.Width }, G.InputFirst, G.InputCount);
            S.Store(new Pointer<E, L> { At = column }, S.Fma(sum, gradient, one, G.InputFirst, G.InputCount), G.InputFirst, G.InputCount);
        }
    }

    /// <summary>One item of the packed gradient to the layout of frameworks.</summary>
    static void Unpack<S, G>(in SequenceArguments<E> a, in StageArguments<E> stage, int panel, int piece, int xPieces, int pieces, bool zero)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        int unit0 = panel * L.Width, units = Math.Min(L.Width, a.H - unit0);
        bool bias = piece == pieces - 1, hidden = !bias && piece >= xPieces, index = TInput.IsIndex && piece == 0;
        int first = hidden ? G.HiddenFirst : bias ? 0 : G.InputFirst, count = hidden ? G.HiddenCount : bias ? S.Count : G.InputCount;
        int column0 = bias || index ? 0 : WeightProduct.Column(hidden ? piece - xPieces : piece);
        int columns = bias ? 1 : hidden ? a.H : a.I, column1 = bias ? 1 : index ? a.I : Math.Min(column0 + WeightProduct.Piece, columns);
        E* from = Native.Address(bias ? stage.DBias : hidden ? stage.DHidden : stage.DInput) + (nint)panel * columns * count * L.Width;
        for (int s = first; s < first + count; s++)
        {
            E* source = from + (nint)((s - first) * L.Width + (long)column0 * count * L.Width);
            if (!hidden && G.InputFirst <= s && s < G.InputFirst + G.InputCount)
                WeightProduct.Unpack(source, count * L.Width, units, column1 - column0, zero,
                    Native.Address(bias ? a.Gradients.InputBias : a.Gradients.InputWeights), ((nint)G.InputGate(s) * a.H + unit0) * columns + column0, columns, a.AddDw != 0);
            if ((hidden || bias) && G.HiddenFirst <= s && s < G.HiddenFirst + G.HiddenCount)
                WeightProduct.Unpack(source, count * L.Width, units, column1 - column0, zero,
                    Native.Address(bias ? a.Gradients.HiddenBias : a.Gradients.HiddenWeights), ((nint)G.HiddenGate(s) * a.H + unit0) * columns + column0, columns, a.AddDw != 0);
        }
    }
}
