using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Dense;

/// <summary>The output layer on the CPU accelerator; the products are those of the recurrent layers.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
/// <typeparam name="LScalar">One number.</typeparam>
/// <typeparam name="TActivation">g, on one number.</typeparam>
/// <typeparam name="TLoss">The loss.</typeparam>
unsafe partial struct CpuOutput<E, L, LScalar, TActivation, TLoss> : IOutputTile<E>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IVector<L, E>
    where LScalar : struct, IScalar<LScalar, E>
    where TActivation : struct, IActivation<LScalar>
    where TLoss : struct, IRowLoss<E, LScalar>
{
    const int RowBlock = 48;

    /// <inheritdoc/>
    public static int Width => L.Width;
    /// <inheritdoc/>
    public static TargetKind Target => TLoss.Target;
    /// <inheritdoc/>
    public static bool TakesLogits => TLoss.TakesLogits;
    /// <inheritdoc/>
    public static double ScaleOf(int outputs) => TLoss.Scale(outputs);
    /// <inheritdoc/>
    public static int Worker() => CpuWorkers.Index();
    /// <inheritdoc/>
    public static int Workers() => CpuWorkers.Count();

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Forward(in OutputArguments<E> a, int worker, int workers)
    {
        int first = Part.Share(a.Rows, worker, workers), last = Part.Share(a.Rows, worker + 1, workers),
            vectors = (a.V + L.Width - 1) / L.Width;
        Walk walk = Walk.Along(a.K);
        Rows<E> input = default, output = default;
        for (int row0 = first; row0 < last; row0 += RowBlock)
        {
            int end = Math.Min(row0 + RowBlock, last);
            for (int row = row0; row < end; row++) StartRow(a, row);
            for (int vector = 0, n; vector < vectors; vector += n)
            {
                E* w = (E*)Columns<E, Plain<E>, Plain<E>, L>.Block(
                    (Plain<E>*)Native.Address(a.Packed), vectors, a.K, vector, vectors, out n, out nint stride);
                for (int row = row0, rows; row < end; row += rows)
                {
                    rows = Rows<E>.Next(end - row, Columns<E, Plain<E>, Plain<E>, L>.MostRows);
                    for (int i = 0; i < rows; i++)
                    {
                        input.Set(i, Native.Address(a.A) + (nint)Native.Address(a.RowOf)[row + i] * a.Stride);
                        output.Set(i, Output(a, row + i) + vector * L.Width);
                    }
                    Columns<E, Plain<E>, Plain<E>, L>.Run(
                        rows, n, Rows<Plain<E>>.Of(input), walk, (Plain<E>*)w, stride, true, output, int.MaxValue);
                }
            }
            for (int row = row0; row < end; row++) FinishRow(a, row);
        }
    }

    static E* Output(in OutputArguments<E> a, int row) => Native.Address(a.Y) + (nint)Native.Address(a.PlaceOf)[row] * a.OutputStride;

    /// <summary>A row starts as the bias, with zeros behind it.</summary>
    static void StartRow(in OutputArguments<E> a, int row)
    {
        E* y = Output(a, row);
        if (a.Bias.Address != 0) Native.Copy(Native.Address(a.Bias), y, a.V);
        else Native.Clear(y, a.V);
        Native.Clear(y + a.V, a.OutputStride - a.V);
    }

    static void FinishRow(in OutputArguments<E> a, int row)
    {
        E* y = Output(a, row);
        for (int i = 0; i < a.V; i++) y[i] = LScalar.Value(TActivation.Value(LScalar.Of(y[i])));
        int best = a.Best.Address != 0 || TLoss.Target == TargetKind.Class ? Largest(y, a.V) : 0;
        if (a.Best.Address != 0) Native.Address(a.Best)[row] = best;
        if (TLoss.Target == TargetKind.None) return;
        int from = Native.Address(a.TargetOf)[row];
        LScalar weight = LScalar.Of(a.Scale);
        if (a.RowWeight.Address != 0)
        {
            LScalar counts = LScalar.Of(Native.Address(a.RowWeight)[from]), zero = LScalar.Splat(0);
            if (LScalar.Same(counts, zero))
            {
                // masked: nothing of its target or its outputs is read, for 0 times what is not a number is none
                Native.Address(a.Loss)[row] = LScalar.Value(zero);
                if (a.WantGradient != 0) Native.Clear(y, a.V);
                return;
            }
            weight *= counts;
        }
        TargetRow target = new()
        {
            Y = y, Count = a.V, Most = LScalar.Of(y[best]),
            Class = TLoss.Target == TargetKind.Class ? Native.Address(a.Class)[from] : 0,
            Targets = TLoss.Target == TargetKind.Values ? Native.Address(a.Target) + (nint)from * a.V : null,
        };
        LScalar loss = TLoss.Row<TargetRow, L>(target, weight, LScalar.Of(a.Number), a.WantGradient != 0);
        Native.Address(a.Loss)[row] = LScalar.Value(weight * loss);
    }

    static int Largest(E* y, int count)
    {
        int best = 0;
        for (int i = 1; i < count; i++)
            if (LScalar.Less(LScalar.Of(y[best]), LScalar.Of(y[i]))) best = i;
        return best;
    }

    struct TargetRow : ITargetRow<L, LScalar>
    {
        public E* Y, Targets;
        public int Count { get; init; }
        public LScalar Most { get; init; }
        public int Class { get; init; }

        public readonly int Width => L.Width;
        public readonly LScalar At(int i) => LScalar.Of(Y[i]);
        public readonly void Put(int i, LScalar value) => Y[i] = LScalar.Value(value);
        public readonly L Wide(int i) => L.Load(Y + i);
        public readonly void PutWide(int i, L value) => L.Store(Y + i, value);
        public readonly LScalar Sum(L value) => LScalar.Of(L.Sum(value));
        public readonly L Spread(LScalar value) => L.Of(LScalar.Value(value));
        public readonly LScalar Target(int i) => LScalar.Of(Targets[i]);
        public readonly LScalar Slope(LScalar y) => TActivation.Slope(y);
    }
}
