using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>The gate product for this thread's unit of a panel and its rows of a tile.</summary>
    static void Gate(in SequenceArguments<E> a, int panel, int tile, int end, int step, ref ThreadRows<E, L, S> rows)
    {
        int width = PortableShape.Width, xStep = TStage.InputCount * width, hStep = TStage.HiddenCount * width,
            operands = TPlace.Of(in a).Operands;
        ThreadRows<E, L, S>.Fill(
            ref rows, S.Load(new ViewMemory<E, L>(TPlace.Of(in a).Bias, panel * S.Count * width + Lane, width), 0, S.Count));
        if (TStage.InputCount > 0)
        {
            int at = panel * a.Inputs * xStep + Lane;
            if (TInput.IsIndex)
                ThreadRows<E, L, S>.Each(ref rows, in a, new Gather { At = at, End = end, Step = step }, tile + Row);
            else
                PortableProduct<E, L, SequenceArguments<E>>.Add<S, W, InputRow<E, L>>(
                    a, new InputRow<E, L>(), tile, end, step, a.Inputs, TPlace.Of(in a).Input.As<W>(), at, xStep, width, TStage.InputFirst,
                        TStage.InputCount, ref rows);
        }
        PortableProduct<E, L, SequenceArguments<E>>.Add<S, W, StageOperand<E, L, TPlace>>(
            a, new StageOperand<E, L, TPlace>(), tile, end, step, operands, TPlace.Of(in a).Hidden.As<W>(), panel * operands * hStep
                + Lane, hStep, width,
            TStage.HiddenFirst, TStage.HiddenCount, ref rows);
    }

    /// <summary>Adds the column of W_ih that an index names.</summary>
    struct Gather : IRowVisit<SequenceArguments<E>, S>
    {
        public int At, End, Step;

        public readonly void Row(in SequenceArguments<E> a, ref S slots, int row)
        {
            if (row >= End) return;
            int column = At + a.Index[RowOf(a, row, Step)] * TStage.InputCount * PortableShape.Width;
            S w = S.Load(new ViewMemory<W, E, L>(TPlace.Of(in a).Input.As<W>(), column, PortableShape.Width), TStage.InputFirst,
                TStage.InputCount);
            slots = S.Fma(slots, w, L.Splat(1), TStage.InputFirst, TStage.InputCount);
        }
    }

    /// <summary>
    /// Gate gradients of the stage times a matrix packed by columns, for the rows of a tile and this thread's column of a panel.
    /// </summary>
    static void Back(in SequenceArguments<E> a, int first, int count, int tile, int end, int step, Buffer<W> weights, int columns,
        int panel,
        ref ThreadRows<E, L, Slots1<L>> rows)
    {
        int panels = (columns + PortableShape.Width - 1) / PortableShape.Width, block = panel / 4 * 4;
        int wide = (panels - block < 4 ? panels - block : 4) * PortableShape.Width,
            k = TPlace.Of(in a).Panels * count * PortableShape.Width;
        PortableProduct<E, L, SequenceArguments<E>>.Add<Slots1<L>, W, GateRow<E, G, L>>(
            a, new GateRow<E, G, L>(TPlace.Of(in a).Gates.As<G>(), S.Count, first, count), tile, end, step, k, weights,
            block * PortableShape.Width * k + (panel - block) * PortableShape.Width + Lane, wide, 1, 0, 1, ref rows);
    }
}
