using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
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

    static int Lane => PortableShape.Lane;
    static int Row => PortableShape.Row;

    struct InputOf : IOperand<E, OutputArguments<E>>
    {
        public readonly E At(in OutputArguments<E> a, int r, int step, int k) => a.A[a.RowOf[r] * a.Stride + k];
    }

    struct GradientOf : IOperand<E, OutputArguments<E>>
    {
        public readonly E At(in OutputArguments<E> a, int r, int step, int k) => a.Y[r * a.OutputStride + k];
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
        int outputs = (a.V + Width - 1) / Width;
        for (int tile = worker * PortableShape.Rows; tile < a.Rows; tile += workers * PortableShape.Rows)
        {
            for (int vector = 0; vector < outputs; vector++)
            {
                int v = vector * Width + Lane;
                L bias = v < a.V && a.Bias.Length > 0 ? L.Of(a.Bias[v]) : L.Splat(0);
                Product(a, new InputOf(), tile, a.K, a.Packed, outputs, vector, bias, new PutOutput { V = v });
            }
            MemoryFence.DeviceLevel();
            Group.Barrier();
            if (Group.IdxX < PortableShape.Rows && tile + Group.IdxX < a.Rows) FinishRow(a, tile + Group.IdxX);
        }
    }

    /// <summary>The rows of a tile times a vector of the packed columns, on top of a start, and where each goes.</summary>
    static void Product<TOperand, TPut>(
        in OutputArguments<E> a, TOperand operand, int tile, int depth, Buffer<E> packed, int vectors, int vector, L start, TPut put)
        where TOperand : struct, IOperand<E, OutputArguments<E>> where TPut : struct, IRowVisit<OutputArguments<E>, Slots1<L>>
    {
        int block = vector / 4 * 4, wide = (vectors - block < 4 ? vectors - block : 4) * Width;
        ThreadRows<E, L, Slots1<L>> rows = default;
        ThreadRows<E, L, Slots1<L>>.Fill(ref rows, new() { A = start });
        PortableProduct<E, L, OutputArguments<E>>.Add<Slots1<L>, Plain<E>, TOperand>(
            a, operand, tile, a.Rows, 0, depth, packed.As<Plain<E>>(), block * Width * depth + (vector - block) * Width + Lane, wide, 1, 0,
                1, ref rows);
        ThreadRows<E, L, Slots1<L>>.Each(ref rows, in a, put, tile + Row);
    }

    /// <summary>An output, through the activation; zeros behind the last.</summary>
    struct PutOutput : IRowVisit<OutputArguments<E>, Slots1<L>>
    {
        public int V;

        public readonly void Row(in OutputArguments<E> a, ref Slots1<L> slots, int row)
        {
            if (row < a.Rows && V < a.OutputStride)
                a.Y[a.PlaceOf[row] * a.OutputStride + V] = L.Value(V < a.V ? TActivation.Value(slots.A) : L.Splat(0));
        }
    }

    struct PutInputGradient : IRowVisit<OutputArguments<E>, Slots1<L>>
    {
        public int K;

        public readonly void Row(in OutputArguments<E> a, ref Slots1<L> slots, int row)
        {
            if (row >= a.Rows || K >= a.K) return;
            int at = a.RowOf[row] * a.Stride + K;
            a.Da[at] = L.Value(a.AddDa != 0 ? L.Of(a.Da[at]) + slots.A : slots.A);
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
    public static void InputGradient(in OutputArguments<E> a, int worker, int workers)
    {
        if (a.Da.Length == 0) return;
        int inputs = (a.K + Width - 1) / Width;
        for (int tile = worker * PortableShape.Rows; tile < a.Rows; tile += workers * PortableShape.Rows)
            for (int vector = 0; vector < inputs; vector++)
            {
                PutInputGradient put = new() { K = vector * Width + Lane };
                Product(a, new GradientOf(), tile, a.V, a.PackedBack, inputs, vector, L.Splat(0), put);
            }
    }

    /// <inheritdoc/>
    public static void WeightGradient(in OutputArguments<E> a, int worker, int workers)
    {
        // one element a thread, sums of 64 rows added up in turn
        int columns = a.K + 1;
        for (int i = worker * PortableShape.Threads + Group.IdxX; i < a.V * columns; i += workers * PortableShape.Threads)
        {
            int v = i / columns, k = i - v * columns;
            if (k == a.K && a.DBias.Length == 0) continue;
            L total = L.Splat(0), one = L.Splat(1);
            for (int row0 = 0; row0 < a.Rows; row0 += 64)
            {
                L sum = L.Splat(0);
                for (int row = row0; row < a.Rows && row < row0 + 64; row++)
                    sum = L.Fma(L.Of(a.Y[row * a.OutputStride + v]), k < a.K ? L.Of(a.A[a.RowOf[row] * a.Stride + k]) : one, sum);
                total += sum;
            }
            if (k < a.K) a.DWeights[v * a.K + k] = L.Value(a.AddDw != 0 ? L.Of(a.DWeights[v * a.K + k]) + total : total);
            else a.DBias[v] = L.Value(a.AddDw != 0 ? L.Of(a.DBias[v]) + total : total);
        }
    }
}
