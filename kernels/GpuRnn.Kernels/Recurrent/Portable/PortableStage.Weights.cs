using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>
    /// Items of work are a panel by 16 columns of [x operand], and a panel's bias and parameters of units. A thread sums its unit's slots
    /// for four columns over all gate rows, the sum of a step before it is added to the total, and writes them where frameworks have them.
    /// </summary>
    public static void WeightGradient(in SequenceArguments<E> a, int worker, int workers)
    {
        int columns = PortableShape.Rows, operands = TPlace.Of(in a).Operands;
        int xPieces = TStage.InputCount == 0 ? 0 : TInput.IsIndex ? 1 : (a.Inputs + columns - 1) / columns;
        int bias = xPieces + (operands + columns - 1) / columns, pieces = P.Count > 0 ? bias + 2 : bias + 1;
        for (int item = worker; item < TPlace.Of(in a).Panels * pieces; item += workers)
        {
            int panel = item / pieces, piece = item - panel * pieces;
            if (panel * Width + Lane >= TPlace.Of(in a).Units) continue;
            if (piece > bias) UnitGradient(a, panel);
            else if (piece == bias) BiasGradient(a, panel);
            else if (piece >= xPieces)
                Columns<StageOperand<E, L, TPlace>, HiddenGates<TStage>>(
                    a, new StageOperand<E, L, TPlace>(), panel, (piece - xPieces) * columns + Row, operands,
                    TStage.HiddenFirst, TStage.HiddenCount, TPlace.Of(in a).Gradients.HiddenWeights);
            else if (TInput.IsIndex) Scatter(a, panel);
            else
                Columns<InputRow<E, L>, InputGates<TStage>>(
                    a, new InputRow<E, L>(), panel, piece * columns + Row, a.Inputs, TStage.InputFirst, TStage.InputCount,
                    TPlace.Of(in a).Gradients.InputWeights);
        }
    }

    static void Columns<TOperand, TGates>(
        in SequenceArguments<E> a, TOperand operand, int panel, int column, int columns, int first, int count, Buffer<E> gradient)
        where TOperand : struct, IOperand<E, SequenceArguments<E>> where TGates : struct, IGates
    {
        ThreadRows<E, L, S> total = default;
        ThreadRows<E, L, S>.Fill(ref total, default);
        for (int step = a.Begin; step < a.End; step++)
        {
            ThreadRows<E, L, S> sums = default;
            ThreadRows<E, L, S>.Fill(ref sums, default);
            int active = a.Active[step];
            for (int r = 0; r < active; r++)
            {
                S g = S.Load(new ViewMemory<G, E, L>(TPlace.Of(in a).Gates.As<G>(), GateAt(a, panel, a.Offset[step] + r) + first * Width,
                    Width), first, count);
                ThreadRows<E, L, S>.Each(
                    ref sums, in a, new AddColumn<TOperand>
                    {
                        Gradient = g, Operand = operand, Columns = columns, First = first,
                        Count = count, R = r, Step = step
                    }, column);
            }
            ThreadRows<E, L, S>.Add(ref total, ref sums, first, count);
        }
        ThreadRows<E, L, S>.Each(
            ref total, in a, new PutColumn<TGates> { Gradient = gradient, Panel = panel, Columns = columns, First = first, Count = count },
                column);
    }

    /// <summary>A gate row's part of a column's gradient.</summary>
    struct AddColumn<TOperand> : IRowVisit<SequenceArguments<E>, S> where TOperand : struct, IOperand<E, SequenceArguments<E>>
    {
        public S Gradient;
        public TOperand Operand;
        public int Columns, First, Count, R, Step;

        public readonly void Row(in SequenceArguments<E> a, ref S slots, int row)
        {
            if (row < Columns) slots = S.Fma(slots, Gradient, L.Of(Operand.At(a, R, Step, row)), First, Count);
        }
    }

    struct PutColumn<TGates> : IRowVisit<SequenceArguments<E>, S> where TGates : struct, IGates
    {
        public Buffer<E> Gradient;
        public int Panel, Columns, First, Count;

        public readonly void Row(in SequenceArguments<E> a, ref S slots, int row)
        {
            if (row >= Columns) return;
            int at = (Panel * Width + Lane) * Columns + row;
            S.Store(new GradientMemory<E, L, TGates>(Gradient, First, TPlace.Of(in a).Units * Columns, at, Adds(a)), slots, First, Count);
        }
    }

    /// <summary>1 if sums come on top of what is there: the caller's, or later segments'.</summary>
    static int Adds(in SequenceArguments<E> a) => a.End < a.Longest ? 1 : a.AddDw;

    static int GateAt(in SequenceArguments<E> a, int panel, int gateRow) => (panel * a.PanelStride + gateRow * Width) * S.Count + Lane;

    static void BiasGradient(in SequenceArguments<E> a, int panel)
    {
        if (Row > 0) return;
        S total = default;
        for (int step = a.Begin; step < a.End; step++)
        {
            S sum = default;
            for (int r = 0; r < a.Active[step]; r++)
                sum = S.Fma(sum, S.Load(Gates(a, panel, a.Offset[step] + r), 0, S.Count), L.Splat(1), 0, S.Count);
            total = S.Fma(total, sum, L.Splat(1), 0, S.Count);
        }
        int unit = panel * Width + Lane, units = TPlace.Of(in a).Units;
        Buffer<E> input = TPlace.Of(in a).Gradients.InputBias, hidden = TPlace.Of(in a).Gradients.HiddenBias;
        if (input.Length > 0)
            S.Store(new BiasMemory<E, L, InputGates<TStage>>(input, TStage.InputFirst, TStage.InputCount, units, unit, Adds(a)), total, 0,
                S.Count);
        if (hidden.Length > 0)
            S.Store(new BiasMemory<E, L, HiddenGates<TStage>>(hidden, TStage.HiddenFirst, TStage.HiddenCount, units, unit, Adds(a)), total,
                0, S.Count);
    }

    /// <summary>What gate rows add to the gradient of parameters of units, in their order.</summary>
    static void UnitGradient(in SequenceArguments<E> a, int panel)
    {
        if (Row > 0) return;
        int unit = panel * Width + Lane;
        P total = default;
        for (int step = a.Begin; step < a.End; step++)
        {
            P sum = default;
            for (int r = 0; r < a.Active[step]; r++)
            {
                State<L> now = new() { H = L.Splat(0), C = L.Splat(0) };
                if (TStage.HasC) now.C = L.Of(a.Cs[GateRow(a, r, step) * a.Units + unit]);
                if (TPlace.IsLast) now.H = L.Of(a.Y[RowOf(a, r, step) * a.YStride + unit]);
                S slots = S.Load(Gates(a, panel, GateRow(a, r, step)), 0, S.Count);
                sum = P.Fma(sum, TStage.UnitGradient(slots, Previous(a, r, step, unit), now), L.Splat(1), 0, P.Count);
            }
            total = P.Fma(total, sum, L.Splat(1), 0, P.Count);
        }
        ViewMemory<E, L> at = new(TPlace.Of(in a).Gradients.Unit, unit, TPlace.Of(in a).Units);
        if (Adds(a) != 0) total = P.Fma(total, P.Load(at, 0, P.Count), L.Splat(1), 0, P.Count);
        P.Store(at, total, 0, P.Count);
    }

    /// <summary>Adds gate gradients to the columns that indices name, in the order of gate rows.</summary>
    static void Scatter(in SequenceArguments<E> a, int panel)
    {
        if (Row > 0) return;
        int units = TPlace.Of(in a).Units, unit = (panel * Width + Lane) * a.Inputs;
        Buffer<E> gradient = TPlace.Of(in a).Gradients.InputWeights;
        S zero = default;
        if (Adds(a) == 0)
            for (int i = 0; i < a.Inputs; i++)
                S.Store(new GradientMemory<E, L, InputGates<TStage>>(gradient, TStage.InputFirst, units * a.Inputs, unit + i, 0), zero,
                    TStage.InputFirst, TStage.InputCount);
        for (int step = a.Begin; step < a.End; step++)
            for (int r = 0; r < a.Active[step]; r++)
            {
                int at = GateAt(a, panel, a.Offset[step] + r) + TStage.InputFirst * Width, column = unit + a.Index[RowOf(a, r, step)];
                S g = S.Load(new ViewMemory<G, E, L>(TPlace.Of(in a).Gates.As<G>(), at, Width), TStage.InputFirst, TStage.InputCount);
                S.Store(new GradientMemory<E, L, InputGates<TStage>>(gradient, TStage.InputFirst, units * a.Inputs, column, 1), g,
                    TStage.InputFirst, TStage.InputCount);
            }
    }
}
