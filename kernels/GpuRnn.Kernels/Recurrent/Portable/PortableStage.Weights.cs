using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>Where x and h before each gate row are.</summary>
    public static void WeightGradientBegin(ref PortableWorker worker, in SequenceArguments<E> a)
    {
        if (!TPlace.IsFirst) return;
        for (int step = a.Begin + worker.Index; step < a.End; step += worker.Count)
            for (int r = Group.IdxX; r < a.Active[step]; r += Group.DimX)
            {
                a.Row[GateRow(a, r, step)] = RowOf(a, r, step);
                a.RowBefore[GateRow(a, r, step)] = step > 0 ? RowOf(a, r, step - 1) : ~a.Slot[r];
            }
    }

    /// <summary>
    /// Gate rows are cut into slices, as many as the shape of the batch says, and each tile of each slice is an item of work: its sums go
    /// to memory of the slice, <see cref="WeightGradientEnd"/> adds them up in the slices' order.
    /// </summary>
    public static void WeightGradient(ref PortableWorker worker, in SequenceArguments<E> a)
    {
        int panels = TPlace.Of(in a).Panels, operands = TPlace.Of(in a).Operands;
        int hidden = Pieces<WideTile<HiddenRange<TStage>>>(operands);
        int inputs = Projects ? Pieces<WideTile<InputRange<TStage>>>(a.Inputs) : 0;
        int pieces = hidden + inputs + 1, parts = panels * a.Slices;
        for (int item = worker.Index; item < pieces * parts; item += worker.Count)
        {
            int piece = item / parts, inside = item - piece * parts, panel = inside / a.Slices, slice = inside - panel * a.Slices;
            if (piece < hidden)
                Columns<HiddenRange<TStage>, OperandColumns<E, L, TPlace>>(
                    in worker.Memory, in a, default, panel, slice, piece, operands, TPlace.Of(in a).DHidden);
            else if (piece < hidden + inputs)
                Columns<InputRange<TStage>, InputColumns<E>>(
                    in worker.Memory, in a, default, panel, slice, piece - hidden, a.Inputs, TPlace.Of(in a).DInput);
            else Ones(in worker.Memory, in a, panel, slice);
        }
        if (P.Count > 0)
            for (int panel = worker.Index; panel < panels; panel += worker.Count) UnitGradient(in worker.Memory, in a, panel);
        if (TInput.IsIndex && TStage.InputCount > 0) Scatter(ref worker, in a);
    }

    static int Pieces<TShape>(int columns) where TShape : struct, ITileShape =>
        (columns + Tiling<E, TShape>.Rows - 1) / Tiling<E, TShape>.Rows;

    /// <summary>Gate rows of the launch's steps.</summary>
    static int GateRowCount(in SequenceArguments<E> a) => a.End > a.Begin ? a.Offset[a.End - 1] + a.Active[a.End - 1] : 0;

    /// <summary>[slice][panel][slot of the range * W][column] in packed memory.</summary>
    static void Columns<TRange, TOperand>(
        in GroupMemory memory, in SequenceArguments<E> a, TOperand operand, int panel, int slice, int piece, int columns, Buffer<E> to)
        where TRange : struct, IRange where TOperand : struct, IRowOperand<E, SequenceArguments<E>>, IOffset<TOperand>
    {
        int rows = GateRowCount(in a), first = Part.Share(rows, slice, a.Slices), last = Part.Share(rows, slice + 1, a.Slices);
        int tile = piece * Tiling<E, WideTile<TRange>>.Rows;
        PackedColumns<E, G, L, SequenceArguments<E>> gates = GateColumns(in a, panel, first, TRange.First, TRange.Count);
        TileProduct<E, L, WideTile<TRange>, SequenceArguments<E>>.Run(
            in memory, in a, TOperand.From(first), gates, tile, columns, last - first);
        int wide = TRange.Count * Width, at = (slice * TPlace.Of(in a).Panels + panel) * wide;
        for (int i = Group.IdxX; i < wide * Tiling<E, WideTile<TRange>>.Rows; i += Group.DimX)
        {
            int gate = i / Tiling<E, WideTile<TRange>>.Rows, column = tile + (i & Tiling<E, WideTile<TRange>>.Rows - 1);
            if (column >= columns) continue;
            L sum = TileProduct<E, L, WideTile<TRange>, SequenceArguments<E>>.At(in memory, gate, column - tile);
            to[(at + gate) * columns + column] = L.Value(sum);
        }
    }

    /// <summary>Slots of a panel as columns; k is the gate row, from one on.</summary>
    static PackedColumns<E, G, L, SequenceArguments<E>> GateColumns(in SequenceArguments<E> a, int panel, int row, int first, int count) =>
        new(TPlace.Of(in a).Gates.As<G>(), (panel * a.PanelStride + row * Width) * S.Count + first * Width, S.Count * Width, count * Width);

    /// <summary>Sums of all slots, for the biases: the product with ones.</summary>
    static void Ones(in GroupMemory memory, in SequenceArguments<E> a, int panel, int slice)
    {
        int rows = GateRowCount(in a), first = Part.Share(rows, slice, a.Slices), last = Part.Share(rows, slice + 1, a.Slices);
        PackedColumns<E, G, L, SequenceArguments<E>> gates = GateColumns(in a, panel, first, 0, S.Count);
        TileProduct<E, L, StepTile<AllSlots<S, L>>, SequenceArguments<E>>.Run(
            in memory, in a, default(OneRow<E, L>), gates, 0, 1, last - first);
        int at = (slice * TPlace.Of(in a).Panels + panel) * S.Count * Width;
        for (int i = Group.IdxX; i < S.Count * Width; i += Group.DimX)
            TPlace.Of(in a).DBias[at + i] = L.Value(TileProduct<E, L, StepTile<AllSlots<S, L>>, SequenceArguments<E>>.At(in memory, i, 0));
    }

    /// <summary>What slices have, in their order, to where frameworks have it; on top of what is there where the launch adds.</summary>
    public static void WeightGradientEnd(ref PortableWorker worker, in SequenceArguments<E> a)
    {
        int thread = worker.Index * PortableShape.Threads + Group.IdxX, threads = worker.Count * PortableShape.Threads;
        ParameterViews<E> to = TPlace.Of(in a).Gradients;
        Gather<HiddenRange<TStage>, HiddenGates<TStage>>(
            in a, TPlace.Of(in a).DHidden, TPlace.Of(in a).Operands, to.HiddenWeights, thread, threads);
        if (Projects)
            Gather<InputRange<TStage>, InputGates<TStage>>(in a, TPlace.Of(in a).DInput, a.Inputs, to.InputWeights, thread, threads);
        GatherBias<InputRange<TStage>, InputGates<TStage>>(in a, to.InputBias, thread, threads);
        GatherBias<HiddenRange<TStage>, HiddenGates<TStage>>(in a, to.HiddenBias, thread, threads);
    }

    static void Gather<TRange, TGates>(
        in SequenceArguments<E> a, Buffer<E> from, int columns, Buffer<E> to, int thread, int threads)
        where TRange : struct, IRange where TGates : struct, IGates
    {
        int units = TPlace.Of(in a).Units, panels = TPlace.Of(in a).Panels, wide = TRange.Count * Width;
        for (int i = thread; i < TRange.Count * units * columns; i += threads)
        {
            int row = i / columns, column = i - row * columns, slot = row / units, unit = row - slot * units;
            int panel = unit / Width, place = ((panel * wide) + slot * Width + (unit & Width - 1)) * columns + column;
            L sum = L.Of(from[place]);
            for (int slice = 1; slice < a.Slices; slice++) sum += L.Of(from[place + slice * panels * wide * columns]);
            int at = (TGates.Gate(TRange.First + slot) * units + unit) * columns + column;
            to[at] = L.Value(Adds(a) != 0 ? L.Of(to[at]) + sum : sum);
        }
    }

    static void GatherBias<TRange, TGates>(in SequenceArguments<E> a, Buffer<E> to, int thread, int threads)
        where TRange : struct, IRange where TGates : struct, IGates
    {
        if (to.Length == 0) return;
        int units = TPlace.Of(in a).Units, panels = TPlace.Of(in a).Panels, wide = S.Count * Width;
        Buffer<E> from = TPlace.Of(in a).DBias;
        for (int i = thread; i < TRange.Count * units; i += threads)
        {
            int slot = i / units, unit = i - slot * units, place = unit / Width * wide + (TRange.First + slot) * Width + (unit & Width - 1);
            L sum = L.Of(from[place]);
            for (int slice = 1; slice < a.Slices; slice++) sum += L.Of(from[place + slice * panels * wide]);
            int at = TGates.Gate(TRange.First + slot) * units + unit;
            to[at] = L.Value(Adds(a) != 0 ? L.Of(to[at]) + sum : sum);
        }
    }

    /// <summary>1 if sums come on top of what is there: the caller's, or later segments'.</summary>
    static int Adds(in SequenceArguments<E> a) => a.End < a.Longest ? 1 : a.AddDw;

    /// <summary>What gate rows add to the gradient of parameters of units: 16 rows at a time, then their sums in order.</summary>
    static void UnitGradient(in GroupMemory memory, in SequenceArguments<E> a, int panel)
    {
        int unit = panel * Width + Lane;
        P sum = P.Load(new ZeroMemory<L>(), 0, P.Count);
        for (int step = a.Begin; step < a.End; step++)
            for (int r = Row; r < a.Active[step] && unit < TPlace.Of(in a).Units; r += PortableShape.Rows)
            {
                State<L> now = new() { H = L.Splat(0), C = L.Splat(0) };
                if (TStage.HasC) now.C = L.Of(a.Cs[GateRow(a, r, step) * a.Units + unit]);
                if (TPlace.IsLast) now.H = L.Of(a.Y[RowOf(a, r, step) * a.YStride + unit]);
                S slots = S.Load(Gates(a, unit, GateRow(a, r, step)), 0, S.Count);
                sum = P.Fma(sum, TStage.UnitGradient(slots, Previous(a, r, step, unit), now), L.Splat(1), 0, P.Count);
            }
        Group.Barrier(); // whoever read the memory before has done so
        P.Store(new GroupSlots<E, L>(memory, Group.IdxX), sum, 0, P.Count);
        Group.Barrier();
        if (Row > 0 || unit >= TPlace.Of(in a).Units) return;
        ViewMemory<E, L> at = new(TPlace.Of(in a).Gradients.Unit, unit, TPlace.Of(in a).Units);
        P total = P.Load(new ZeroMemory<L>(), 0, P.Count);
        if (Adds(a) != 0) total = P.Load(at, 0, P.Count);
        for (int row = 0; row < PortableShape.Rows; row++)
            total = P.Fma(total, P.Load(new GroupSlots<E, L>(memory, row * Width + Lane), 0, P.Count), L.Splat(1), 0, P.Count);
        P.Store(at, total, 0, P.Count);
    }

    /// <summary>
    /// Adds gate gradients to the columns that indices name, in the order of gate rows: 16 threads have a unit, and share the vocabulary.
    /// </summary>
    static void Scatter(ref PortableWorker worker, in SequenceArguments<E> a)
    {
        int units = TPlace.Of(in a).Units, panels = TPlace.Of(in a).Panels;
        for (int item = worker.Index; item < panels * IndexShares; item += worker.Count)
        {
            int share = item / panels, panel = item - share * panels, unit = panel * Width + Lane;
            if (unit >= units) continue;
            int mine = share * PortableShape.Rows + Row, all = IndexShares * PortableShape.Rows;
            int from = Part.Share(a.Inputs, mine, all), to = Part.Share(a.Inputs, mine + 1, all);
            if (Adds(a) == 0)
                for (int i = from; i < to; i++) S.Store(Column(in a, unit, i, 0), default, TStage.InputFirst, TStage.InputCount);
            for (int step = a.Begin; step < a.End; step++)
                for (int r = 0; r < a.Active[step]; r++)
                {
                    int index = a.Index[RowOf(a, r, step)];
                    if (index < from || index >= to) continue;
                    S g = S.Load(Gates(a, unit, GateRow(a, r, step)), 0, S.Count);
                    S.Store(Column(in a, unit, index, 1), g, TStage.InputFirst, TStage.InputCount);
                }
        }
    }

    /// <summary>Groups that share the vocabulary of a panel.</summary>
    const int IndexShares = 4;

    static GradientMemory<E, L, InputGates<TStage>> Column(in SequenceArguments<E> a, int unit, int column, int add) => new(
        TPlace.Of(in a).Gradients.InputWeights, TStage.InputFirst, TPlace.Of(in a).Units * a.Inputs, unit * a.Inputs + column, add);
}
