using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;

namespace GpuRnn.Kernels.Dense;

/// <summary>The output layer on any GPU; the product is that of the recurrent layers.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="TActivation">g.</typeparam>
/// <typeparam name="TLoss">The loss.</typeparam>
struct PortableOutput<E, L, TActivation, TLoss> : IOutputTile<E>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IScalar<L, E>
    where TActivation : struct, IActivation<L>
    where TLoss : struct, IRowLoss<E, L>
{
    /// <inheritdoc/>
    public static int Width => PortableShape.Width;
    /// <inheritdoc/>
    public static TargetKind Target => TLoss.Target;
    /// <inheritdoc/>
    public static bool TakesLogits => TLoss.TakesLogits;
    /// <inheritdoc/>
    public static double ScaleOf(int outputs) => TLoss.Scale(outputs);
    /// <inheritdoc/>
    public static int Worker() => Grid.IdxX;
    /// <inheritdoc/>
    public static int Workers() => Grid.DimX;

    /// <summary>Outputs, or inputs, that lie side by side in packed weights.</summary>
    const int Block = 4 * PortableShape.Width;

    /// <summary>Rows of a tile.</summary>
    static int Rows => PortableShape.Rows;

    static int Blocks(int columns) => (columns + Block - 1) / Block;

    struct InputRows : IRowOperand<E, OutputArguments<E>>
    {
        public static bool AlongK => true;
        public readonly int Base(in OutputArguments<E> a, int row) => a.RowOf[row] * a.Stride;
        public readonly E At(in OutputArguments<E> a, int at, int k) => a.A[at + k];
    }

    struct GradientRows : IRowOperand<E, OutputArguments<E>>
    {
        public static bool AlongK => true;
        public readonly int Base(in OutputArguments<E> a, int row) => row * a.OutputStride;
        public readonly E At(in OutputArguments<E> a, int at, int k) => a.Y[at + k];
    }

    /// <summary>Columns of a, and one of ones behind them; k is the row.</summary>
    struct InputColumns : IRowOperand<E, OutputArguments<E>>
    {
        public static bool AlongK => false;
        public readonly int Base(in OutputArguments<E> a, int row) => row;
        public readonly E At(in OutputArguments<E> a, int at, int k) =>
            at < a.K ? a.A[a.RowOf[k] * a.Stride + at] : L.Value(L.Splat(1));
    }

    /// <summary>Gradients of a block of outputs, zeros behind the last; k is the row.</summary>
    static PackedColumns<E, Plain<E>, L, OutputArguments<E>> Gradients(in OutputArguments<E> a, int block) =>
        new(a.Y.As<Plain<E>>(), block * Block, a.OutputStride, Block);

    /// <summary>A block of packed columns.</summary>
    static PackedColumns<E, Plain<E>, L, OutputArguments<E>> Packed(Buffer<E> packed, int columns, int depth, int block)
    {
        int wide = (columns + Width - 1) / Width * Width - block * Block;
        if (wide > Block) wide = Block;
        return new(packed.As<Plain<E>>(), block * Block * depth, wide, wide);
    }

    /// <inheritdoc/>
    public static void Pack(in OutputArguments<E> a, int worker, int workers)
    {
        int thread = worker * PortableShape.Threads + Group.IdxX, threads = workers * PortableShape.Threads;
        int outputs = (a.V + Width - 1) / Width, inputs = (a.K + Width - 1) / Width;
        for (int i = thread; i < outputs * Width * a.K; i += threads)
        {
            int k = Place(i, outputs, a.K, out int v);
            a.Packed[i] = v < a.V ? a.Weights[v * a.K + k] : L.Value(L.Splat(0));
        }
        if (a.PackedBack.Length == 0) return;
        for (int i = thread; i < inputs * Width * a.V; i += threads)
        {
            int v = Place(i, inputs, a.V, out int k);
            a.PackedBack[i] = k < a.K ? a.Weights[v * a.K + k] : L.Value(L.Splat(0));
        }
    }

    /// <summary>Row and column of a place in blocks of four vectors; the last block may be narrower.</summary>
    static int Place(int i, int vectors, int rows, out int column)
    {
        int block = i / (4 * Width * rows) * 4, wide = (vectors - block < 4 ? vectors - block : 4) * Width,
            inside = i - block * Width * rows;
        int row = inside / wide;
        column = block * Width + inside - row * wide;
        return row;
    }

    /// <inheritdoc/>
    public static void Forward(in OutputArguments<E> a, int worker, int workers)
    {
        GroupMemory memory = GroupMemory.Make<E>();
        for (int tile = worker * Rows; tile < a.Rows; tile += workers * Rows)
        {
            for (int block = 0; block < Blocks(a.V); block++)
            {
                TileProduct<E, L, StepTile<FourSlots>, OutputArguments<E>>.Run(
                    in memory, in a, default(InputRows), Packed(a.Packed, a.V, a.K, block), tile, a.Rows, a.K);
                PutOutputs(in memory, in a, tile, block);
            }
            MemoryFence.DeviceLevel();
            Group.Barrier();
            if (Group.IdxX < Rows && tile + Group.IdxX < a.Rows) FinishRow(a, tile + Group.IdxX);
        }
    }

    /// <summary>Outputs of a tile, through the activation; zeros behind the last.</summary>
    static void PutOutputs(in GroupMemory memory, in OutputArguments<E> a, int tile, int block)
    {
        int inside = Group.IdxX & Block - 1, v = block * Block + inside;
        if (v >= a.OutputStride) return;
        L bias = v < a.V && a.Bias.Length > 0 ? L.Of(a.Bias[v]) : L.Splat(0);
        for (int row = Group.IdxX / Block; row < Rows; row += Group.DimX / Block)
        {
            if (tile + row >= a.Rows) return;
            L value = TActivation.Value(TileProduct<E, L, StepTile<FourSlots>, OutputArguments<E>>.At(in memory, inside, row) + bias);
            a.Y[a.PlaceOf[tile + row] * a.OutputStride + v] = L.Value(v < a.V ? value : L.Splat(0));
        }
    }

    static void FinishRow(in OutputArguments<E> a, int row)
    {
        int y = a.PlaceOf[row] * a.OutputStride, best = 0;
        for (int i = 1; i < a.V; i++)
            if (L.Less(L.Of(a.Y[y + best]), L.Of(a.Y[y + i]))) best = i;
        if (a.Best.Length > 0) a.Best[row] = best;
        if (TLoss.Target == TargetKind.None) return;
        int from = a.TargetOf[row];
        L weight = L.Of(a.Scale);
        if (a.RowWeight.Length > 0)
        {
            L counts = L.Of(a.RowWeight[from]);
            if (L.Same(counts, L.Splat(0)))
            {
                // masked: nothing of its target or its outputs is read, for 0 times what is not a number is none
                a.Loss[row] = L.Value(L.Splat(0));
                if (a.WantGradient != 0)
                    for (int i = 0; i < a.V; i++) a.Y[y + i] = L.Value(L.Splat(0));
                return;
            }
            weight *= counts;
        }
        TargetRow target = new()
        {
            Y = a.Y, First = y, Count = a.V, Most = L.Of(a.Y[y + best]), Class = TLoss.Target == TargetKind.Class ? a.Class[from] : 0,
            Targets = a.Target, FirstTarget = from * a.V,
        };
        L loss = TLoss.Row<TargetRow, L>(target, weight, L.Of(a.Number), a.WantGradient != 0);
        a.Loss[row] = L.Value(weight * loss);
    }

    struct TargetRow : ITargetRow<L, L>
    {
        public Buffer<E> Y, Targets;
        public int First, FirstTarget;
        public int Count { get; init; }
        public L Most { get; init; }
        public int Class { get; init; }

        public readonly int Width => 1;
        public readonly L At(int i) => L.Of(Y[First + i]);
        public readonly void Put(int i, L value) => Y[First + i] = L.Value(value);
        public readonly L Wide(int i) => At(i);
        public readonly void PutWide(int i, L value) => Put(i, value);
        public readonly L Sum(L value) => value;
        public readonly L Spread(L value) => value;
        public readonly L Target(int i) => L.Of(Targets[FirstTarget + i]);
        public readonly L Slope(L y) => TActivation.Slope(y);
    }

    /// <inheritdoc/>
    public static void Backward(in OutputArguments<E> a, int worker, int workers)
    {
        // both read the outputs' gradient and write apart from each other: nobody waits
        GroupMemory memory = GroupMemory.Make<E>();
        if (a.Da.Length > 0) InputGradient(in memory, in a, worker, workers);
        WeightGradient(in memory, in a, worker, workers);
    }

    static void InputGradient(in GroupMemory memory, in OutputArguments<E> a, int worker, int workers)
    {
        int blocks = Blocks(a.K), tiles = PortableShape.Tiles(a.Rows);
        for (int item = worker; item < tiles * blocks; item += workers)
        {
            int index = item / blocks, block = item - index * blocks, tile = index * Rows;
            TileProduct<E, L, StepTile<FourSlots>, OutputArguments<E>>.Run(
                in memory, in a, default(GradientRows), Packed(a.PackedBack, a.K, a.V, block), tile, a.Rows, a.V);
            for (int i = Group.IdxX; i < Rows * Block; i += Group.DimX)
            {
                int row = tile + i / Block, inside = i & Block - 1, k = block * Block + inside;
                if (row >= a.Rows || k >= a.K) continue;
                L sum = TileProduct<E, L, StepTile<FourSlots>, OutputArguments<E>>.At(in memory, inside, row - tile);
                int at = a.RowOf[row] * a.Stride + k;
                a.Da[at] = L.Value(a.AddDa != 0 ? L.Of(a.Da[at]) + sum : sum);
            }
        }
    }

    static void WeightGradient(in GroupMemory memory, in OutputArguments<E> a, int worker, int workers)
    {
        int blocks = Blocks(a.V), columns = a.DBias.Length > 0 ? a.K + 1 : a.K, pieces = PortableShape.Tiles(columns);
        for (int item = worker; item < blocks * pieces; item += workers)
        {
            int block = item / pieces, tile = (item - block * pieces) * Rows;
            TileProduct<E, L, StepTile<FourSlots>, OutputArguments<E>>.Run(
                in memory, in a, default(InputColumns), Gradients(in a, block), tile, columns, a.Rows);
            for (int i = Group.IdxX; i < Rows * Block; i += Group.DimX)
            {
                int inside = i / Rows, v = block * Block + inside, k = tile + (i & Rows - 1);
                if (v >= a.V || k >= columns) continue;
                L sum = TileProduct<E, L, StepTile<FourSlots>, OutputArguments<E>>.At(in memory, inside, k - tile);
                if (k < a.K) a.DWeights[v * a.K + k] = L.Value(a.AddDw != 0 ? L.Of(a.DWeights[v * a.K + k]) + sum : sum);
                else a.DBias[v] = L.Value(a.AddDw != 0 ? L.Of(a.DBias[v]) + sum : sum);
            }
        }
    }
}
