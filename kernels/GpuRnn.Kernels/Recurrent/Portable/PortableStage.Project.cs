using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>Do products of x stand in the gate rows before a step begins? Those of indices are read from the weights.</summary>
    static bool Projects => TStage.InputCount > 0 && !TInput.IsIndex;

    /// <summary>Tiles of the rows of these steps by panels, those of the part one after the other.</summary>
    public static void Project(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int first, int last)
    {
        if (!Projects) return;
        RowSpan span = RowSpan.Of(in part, first);
        int rows = span.Sequences * (last - first), pitch = TStage.InputCount * Width;
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = 0; tile < rows; tile += Tiling<E, WideTile<InputRange<TStage>>>.Rows)
            {
                PackedColumns<E, W, L, SequenceArguments<E>> columns = new(
                    TPlace.Of(in a).Input.As<W>(), panel * a.Inputs * pitch, pitch, pitch);
                TileProduct<E, L, WideTile<InputRange<TStage>>, SequenceArguments<E>>.Run(
                    in worker.Memory, in a, new InputRows<E>(span, a.X), columns, tile, rows, a.Inputs);
                PutSums(in worker.Memory, in a, span, panel, tile, rows);
            }
    }

    /// <summary>The sums of a tile, and biases of the slots that x does not reach.</summary>
    static void PutSums(in GroupMemory memory, in SequenceArguments<E> a, RowSpan span, int panel, int tile, int rows)
    {
        for (int i = Group.IdxX; i < Tiling<E, WideTile<InputRange<TStage>>>.Rows * Width; i += Group.DimX)
        {
            int row = i / Width, lane = i & Width - 1, unit = panel * Width + lane;
            if (tile + row >= rows || unit >= TPlace.Of(in a).Units || !span.Find(in a, tile + row, out int step, out int r)) continue;
            S sums = Biases(in a, unit);
            S products = S.Load(new Products<WideTile<InputRange<TStage>>>(memory, lane, row), TStage.InputFirst, TStage.InputCount);
            sums = S.Fma(sums, products, L.Splat(1), TStage.InputFirst, TStage.InputCount);
            S.Store(SumsOf(in a, unit, GateRow(a, r, step)), sums, 0, S.Count);
        }
    }

    static S Biases(in SequenceArguments<E> a, int unit) => S.Load(
        new ViewMemory<E, L>(TPlace.Of(in a).Bias, unit / Width * S.Count * Width + (unit & Width - 1), Width), 0, S.Count);

    /// <summary>Pre-activations of a unit at a gate row.</summary>
    static ViewMemory<E, L> SumsOf(in SequenceArguments<E> a, int unit, int gateRow) =>
        new(TPlace.Of(in a).Sums, Place(in a, unit, gateRow, S.Count), Width);

    /// <summary>The sums of a tile for one unit and row: a slot is a panel's width of columns.</summary>
    readonly struct Products<TShape>(GroupMemory memory, int lane, int row) : ISlotMemory<L> where TShape : struct, ITileShape
    {
        readonly GroupMemory memory = memory;
        readonly int lane = lane, row = row;

        public L Load(int slot) =>
            TileProduct<E, L, TShape, SequenceArguments<E>>.At(in memory, slot * PortableShape.Width + lane, row);

        public void Store(int slot, L value) { }
    }
}
