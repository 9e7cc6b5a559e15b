using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>
    /// dW of the stage: gate rows in blocks of KBlock, the sum of each block in registers, blocks added in order. Items of work are
    /// pieces of 24 columns of [x h] under a panel, and a panel's bias and parameters of units; which worker makes an item changes no bit
    /// of it.
    /// </summary>
    [IntrinsicImplementation]
    public static void WeightGradient(ref CpuWorker worker, in SequenceArguments<E> a)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        Pieces pieces = new(a.Inputs, stage.Operands);
        int first = Part.Share(stage.Panels * pieces.Count, worker.Index, worker.Count),
            last = Part.Share(stage.Panels * pieces.Count, worker.Index + 1, worker.Count);
        if (first == last) return;
        E* rows = Native.Address(a.Scratch) + (nint)worker.Index * a.ScratchStride;
        int all = a.End == a.Begin ? 0 : Native.Address(a.Offset)[a.End - 1] + Native.Address(a.Active)[a.End - 1];
        RowCursor cursor = new() { Step = a.Begin };
        for (int k0 = 0, k; k0 < all; k0 += k)
        {
            k = Math.Min(WeightProduct.KBlock, all - k0);
            RowCursor from = cursor;
            CopyRows(a, rows, pieces, k, ref cursor);
            bool complete = k0 + k == all && a.Begin == 0; // else earlier steps' sums come on top
            for (int item = first; item < last; item++)
            {
                AddBlock(a, pieces, item / pieces.Count, item % pieces.Count, rows, k0, k, from, k0 > 0 || a.End < a.Longest);
                if (complete) UnpackBehind(a, pieces, first, item, last, zero: false); // while the panel is in the second-level cache
            }
        }
        if (a.Longest > 0) return;
        for (int item = first; item < last; item++) UnpackBehind(a, pieces, first, item, last, zero: true);
    }

    /// <summary>Behind the last item of a panel that a worker has: all that it has of the panel.</summary>
    static void UnpackBehind(in SequenceArguments<E> a, in Pieces pieces, int first, int item, int last, bool zero)
    {
        int panel = item / pieces.Count, before = panel * pieces.Count;
        if (item + 1 == last || item + 1 == before + pieces.Count)
            Unpack(a, pieces, panel, Math.Max(first - before, 0), item + 1 - before, zero);
    }

    /// <summary>
    /// The items of a panel: pieces of x's columns, or all that indices name; pieces of the operand's columns; the bias; parameters of
    /// units.
    /// </summary>
    readonly struct Pieces
    {
        public readonly int XColumns, Operand, Bias, Unit, Count, Stride;

        public Pieces(int inputs, int operands)
        {
            XColumns = Indexed || TStage.InputCount == 0 ? 0 : inputs;
            Operand = Indexed ? 1 : WeightProduct.Pieces(XColumns);
            Bias = Operand + WeightProduct.Pieces(operands);
            Unit = Bias + 1;
            Count = P.Count > 0 ? Unit + 1 : Unit;
            Stride = WeightProduct.RowStride(XColumns + operands, L.Width);
        }
    }

    /// <summary>What a block of gate rows adds to an item.</summary>
    static void AddBlock(in SequenceArguments<E> a, in Pieces pieces, int panel, int piece, E* rows, int k0, int k, RowCursor from,
        bool add)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        nint xStep = TStage.InputCount * L.Width, hStep = TStage.HiddenCount * L.Width, sStep = S.Count * L.Width;
        G* gates = Gates(a, panel, k0);
        if (piece == pieces.Unit) UnitGradient(a, panel, k, k0, from, add);
        else if (piece == pieces.Bias) WeightProduct.Bias<E, G, L, S>(k, gates, sStep, Native.Address(stage.DBias) + panel * sStep, add);
        else if (piece >= pieces.Operand)
        {
            int column = WeightProduct.Column(piece - pieces.Operand), n = Math.Min(WeightProduct.Piece, stage.Operands - column);
            WeightProduct.Outer<E, G, L, S, HiddenRange<TStage>>(n, rows + pieces.XColumns + column, pieces.Stride, k, gates, sStep,
                Native.Address(stage.DHidden) + ((nint)panel * stage.Operands + column) * hStep, add);
        }
        else if (Indexed) Scatter(a, Native.Address(stage.DInput) + (nint)panel * a.Inputs * xStep, gates, k, from, add);
        else
        {
            int column = WeightProduct.Column(piece), n = Math.Min(WeightProduct.Piece, a.Inputs - column);
            WeightProduct.Outer<E, G, L, S, InputRange<TStage>>(n, rows + column, pieces.Stride, k, gates, sStep,
                Native.Address(stage.DInput) + ((nint)panel * a.Inputs + column) * xStep, add);
        }
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

    /// <summary>The next k rows of [x, operand], side by side.</summary>
    static void CopyRows(in SequenceArguments<E> a, E* to, in Pieces pieces, int k, ref RowCursor cursor)
    {
        for (int i = 0; i < k; i++, to += pieces.Stride)
        {
            int r = cursor.Row(a), step = cursor.Step;
            if (pieces.XColumns > 0) Native.Copy(Native.Address(a.X) + RowOf(a, r, step) * a.XStride, to, pieces.XColumns);
            Carry(OperandRow(a, r, step), to + pieces.XColumns, TPlace.Of(in a).Operands);
        }
    }

    /// <summary>What gate rows add to the gradient of parameters of units, in their order.</summary>
    static void UnitGradient(in SequenceArguments<E> a, int panel, int k, int k0, RowCursor cursor, bool add)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        int unit = panel * L.Width, count = stage.Units - unit;
        Pointer<E, L> at = new() { At = Native.Address(stage.DUnit) + panel * P.Count * L.Width };
        P sum = default;
        for (int i = 0; i < k; i++)
        {
            int r = cursor.Row(a), step = cursor.Step;
            S slots = S.Load(new Pointer<G, E, L> { At = Gates(a, panel, k0 + i) }, 0, S.Count);
            State<L> now = default;
            if (TStage.HasC) now.C = Native.Load<E, L>(Native.Address(a.Cs) + (nint)(k0 + i) * a.Units + unit, count);
            if (TPlace.IsLast) now.H = Native.Load<E, L>(Native.Address(a.Y) + RowOf(a, r, step) * a.YStride + unit, count);
            State<L> previous = count < L.Width ? Previous<Cut>(a, step, r, unit, count) : Previous<Whole>(a, step, r, unit, count);
            sum = P.Fma(sum, TStage.UnitGradient(slots, previous, now), L.Splat(1), 0, P.Count);
        }
        if (add) sum = P.Fma(sum, P.Load(at, 0, P.Count), L.Splat(1), 0, P.Count);
        P.Store(at, sum, 0, P.Count);
    }

    /// <summary>Adds gate gradients to the columns that indices name, in the order of gate rows.</summary>
    static void Scatter(in SequenceArguments<E> a, E* dInput, G* gates, int k, RowCursor cursor, bool add)
    {
        nint xStep = TStage.InputCount * L.Width;
        if (!add) for (nint i = 0; i < a.Inputs; i++) Native.Clear(dInput + i * xStep, (int)xStep);
        L one = L.Splat(1);
        for (int i = 0; i < k; i++, gates += S.Count * L.Width)
        {
            int r = cursor.Row(a);
            E* column = dInput + Native.Address(a.Index)[RowOf(a, r, cursor.Step)] * xStep;
            S sum = S.Load(new Pointer<E, L> { At = column }, TStage.InputFirst, TStage.InputCount);
            S gradient = S.Load(new Pointer<G, E, L> { At = gates + TStage.InputFirst * L.Width }, TStage.InputFirst, TStage.InputCount);
            sum = S.Fma(sum, gradient, one, TStage.InputFirst, TStage.InputCount);
            S.Store(new Pointer<E, L> { At = column }, sum, TStage.InputFirst, TStage.InputCount);
        }
    }

    /// <summary>Pieces [first, last) of a panel's packed gradients to the layout of frameworks.</summary>
    static void Unpack(in SequenceArguments<E> a, in Pieces pieces, int panel, int first, int last, bool zero)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        bool add = a.AddDw != 0;
        int begin = Indexed ? 0 : WeightProduct.Column(first),
            end = Indexed ? a.Inputs : Math.Min(pieces.XColumns, WeightProduct.Column(Math.Min(last, pieces.Operand)));
        if (first < pieces.Operand && end > begin)
        {
            nint step = TStage.InputCount * L.Width;
            E* from = Native.Address(stage.DInput) + ((nint)panel * a.Inputs + begin) * step;
            for (int s = 0; s < TStage.InputCount; s++)
                UnpackColumns(stage, panel, from + s * L.Width, step, end - begin, stage.Gradients.InputWeights,
                    TStage.InputGate(TStage.InputFirst + s), begin, a.Inputs, zero, add);
        }
        (begin, end) = (WeightProduct.Column(Math.Max(first - pieces.Operand, 0)),
            Math.Min(stage.Operands, WeightProduct.Column(Math.Min(last, pieces.Bias) - pieces.Operand)));
        if (end > begin)
        {
            nint step = TStage.HiddenCount * L.Width;
            E* from = Native.Address(stage.DHidden) + ((nint)panel * stage.Operands + begin) * step;
            for (int s = 0; s < TStage.HiddenCount; s++)
                UnpackColumns(stage, panel, from + s * L.Width, step, end - begin, stage.Gradients.HiddenWeights,
                    TStage.HiddenGate(TStage.HiddenFirst + s), begin, stage.Operands, zero, add);
        }
        if (first <= pieces.Bias && pieces.Bias < last)
        {
            E* from = Native.Address(stage.DBias) + panel * S.Count * L.Width;
            for (int s = 0; s < S.Count; s++, from += L.Width)
            {
                if (TStage.InputFirst <= s && s < TStage.InputFirst + TStage.InputCount)
                    UnpackColumns(stage, panel, from, 0, 1, stage.Gradients.InputBias, TStage.InputGate(s), 0, 1, zero, add);
                if (TStage.HiddenFirst <= s && s < TStage.HiddenFirst + TStage.HiddenCount)
                    UnpackColumns(stage, panel, from, 0, 1, stage.Gradients.HiddenBias, TStage.HiddenGate(s), 0, 1, zero, add);
            }
        }
        if (first <= pieces.Unit && pieces.Unit < last)
        {
            E* from = Native.Address(stage.DUnit) + panel * P.Count * L.Width;
            for (int p = 0; p < P.Count; p++)
                UnpackColumns(stage, panel, from + p * L.Width, 0, 1, stage.Gradients.Unit, p, 0, 1, zero, add);
        }
    }

    /// <summary>Columns of one gate's rows, the units of a panel, in a stacked tensor of so many columns.</summary>
    static void UnpackColumns(
        in StageArguments<E> stage, int panel, E* from, nint step, int count, in Buffer<E> to, int gate, int column, int columns,
        bool zero, bool add)
    {
        int unit0 = panel * L.Width, units = Math.Min(L.Width, stage.Units - unit0);
        WeightProduct.Unpack(from, step, units, count, zero, Native.Address(to), ((nint)gate * stage.Units + unit0) * columns + column,
            columns, add);
    }
}
