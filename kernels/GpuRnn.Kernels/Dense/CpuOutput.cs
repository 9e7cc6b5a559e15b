using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Dense;

/// <summary>The output layer on the CPU accelerator; the products are those of the recurrent layers.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
/// <typeparam name="LScalar">One number.</typeparam>
/// <typeparam name="TActivation">g, on one number.</typeparam>
/// <typeparam name="TLoss">The loss.</typeparam>
public unsafe partial struct CpuOutput<E, L, LScalar, TActivation, TLoss> : IOutputTile<E>
    where E : unmanaged
    where L : struct, IVector<L, E>
    where LScalar : struct, IScalar<LScalar, E>
    where TActivation : struct, IActivation<LScalar>
    where TLoss : struct, ILoss<E, LScalar>
{
    const int RowBlock = 48;

    /// <inheritdoc/>
    public static int Width => L.Width;
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static int Worker() => Group.IdxX;
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static int Workers() => Group.DimX;

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Forward(in OutputArguments<E> a, int worker, int workers)
    {
        int first = Part.Share(a.Rows, worker, workers), last = Part.Share(a.Rows, worker + 1, workers), vectors = (a.V + L.Width - 1) / L.Width;
        Walk walk = Walk.Along(a.K);
        Rows<E> input = default, output = default;
        for (int row0 = first; row0 < last; row0 += RowBlock)
        {
            int end = Math.Min(row0 + RowBlock, last);
            for (int row = row0; row < end; row++) StartRow(a, row);
            for (int vector = 0, n; vector < vectors; vector += n)
            {
                E* w = Columns<E, L>.Block(Native.Address(a.Packed), vectors, a.K, vector, vectors, out n, out nint stride);
                for (int row = row0, rows; row < end; row += rows)
                {
                    rows = Rows<E>.Next(end - row, Columns<E, L>.MostRows);
                    for (int i = 0; i < rows; i++)
                    {
                        input.Set(i, Native.Address(a.A) + (nint)Native.Address(a.RowOf)[row + i] * a.Stride);
                        output.Set(i, Output(a, row + i) + vector * L.Width);
                    }
                    Columns<E, L>.Run(rows, n, input, walk, w, stride, true, output, int.MaxValue);
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
        int from = Native.Address(a.RowOf)[row];
        for (int i = 0; i < a.V; i++) y[i] = LScalar.Value(TActivation.Value(LScalar.Of(y[i])));
        if (a.Best.Address != 0) Native.Address(a.Best)[row] = Largest(y, a.V);
        if (!TLoss.Exists) return;
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
        Native.Address(a.Loss)[row] = LScalar.Value(TLoss.IsSoftmax
            ? weight * Softmax(a, y, Native.Address(a.Class)[from], weight)
            : weight * Elements(y, Native.Address(a.Target) + (nint)from * a.V, a.V, weight, a.WantGradient != 0));
    }

    static int Largest(E* y, int count)
    {
        int best = 0;
        for (int i = 1; i < count; i++)
            if (LScalar.Less(LScalar.Of(y[best]), LScalar.Of(y[i]))) best = i;
        return best;
    }

    static LScalar Elements(E* y, E* target, int count, LScalar weight, bool gradient)
    {
        LScalar sum = LScalar.Splat(0);
        for (int i = 0; i < count; i++)
        {
            LScalar value = LScalar.Of(y[i]), t = LScalar.Of(target[i]);
            sum += TLoss.Value(value, t);
            if (gradient) y[i] = LScalar.Value(weight * TLoss.Slope(value, t) * TActivation.Slope(value));
        }
        return sum;
    }

    /// <summary>
    /// log of the sum of e^(y - max), plus max, less the target's mean of y: y of the class or, smoothed, a mix of it with the mean of
    /// all. y becomes weight * (softmax - target) if wanted.
    /// </summary>
    static LScalar Softmax(in OutputArguments<E> a, E* y, int target, LScalar weight)
    {
        int count = a.V, whole = count / L.Width * L.Width;
        bool gradient = a.WantGradient != 0;
        LScalar most = LScalar.Of(y[Largest(y, count)]), chosen = Targeted(a, y, target);
        L sum = L.Splat(0), max = L.Of(LScalar.Value(most));
        for (int i = 0; i < whole; i += L.Width)
        {
            L power = L.Exp(L.Load(y + i) - max);
            sum += power;
            if (gradient) L.Store(y + i, power);
        }
        LScalar total = LScalar.Of(L.Sum(sum));
        for (int i = whole; i < count; i++)
        {
            LScalar power = LScalar.Exp(LScalar.Of(y[i]) - most);
            total += power;
            if (gradient) y[i] = LScalar.Value(power);
        }
        if (gradient)
        {
            LScalar factor = weight / total, spread = weight * LScalar.Of(a.Smoothing) / LScalar.Splat(count);
            L wide = L.Of(LScalar.Value(factor)), less = L.Of(LScalar.Value(spread));
            for (int i = 0; i < whole; i += L.Width) L.Store(y + i, L.Load(y + i) * wide - less);
            for (int i = whole; i < count; i++) y[i] = LScalar.Value(LScalar.Of(y[i]) * factor - spread);
            y[target] = LScalar.Value(LScalar.Of(y[target]) - weight * (LScalar.Splat(1) - LScalar.Of(a.Smoothing)));
        }
        return LScalar.Log(total) + most - chosen;
    }

    /// <summary>The mean of y under the target.</summary>
    static LScalar Targeted(in OutputArguments<E> a, E* y, int target)
    {
        LScalar smoothing = LScalar.Of(a.Smoothing), zero = LScalar.Splat(0);
        if (!LScalar.Less(zero, smoothing)) return LScalar.Of(y[target]);
        LScalar sum = zero;
        for (int i = 0; i < a.V; i++) sum += LScalar.Of(y[i]);
        return (LScalar.Splat(1) - smoothing) * LScalar.Of(y[target]) + smoothing * sum / LScalar.Splat(a.V);
    }
}
