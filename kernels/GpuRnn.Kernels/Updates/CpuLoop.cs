using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Updates;

/// <summary>Vectors on the workers of the CPU accelerator.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
[SkipLocalsInit]
unsafe struct CpuLoop<E, L> : ILoop<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Update<TRule>(in UpdateArguments<E, TRule> a) where TRule : struct, IUpdateRule<TRule, E, L>
    {
        nint vectors = (nint)((a.Value.Length + L.Width - 1) / L.Width), length = (nint)a.Value.Length;
        int worker = CpuWorkers.Index(), workers = CpuWorkers.Count();
        nint from = vectors * worker / workers * L.Width, to = vectors * (worker + 1) / workers * L.Width;
        TRule rule = a.Rule;
        E* w = AddressOf(a.Value), g = AddressOf(a.Gradient), m = AddressOf(a.First), v = AddressOf(a.Second);
        E* control = AddressOf(a.Control);
        L one = L.Splat(1), zero = L.Splat(0), factor = control != null ? L.Of(control[0]) : one, allowed = control != null
            ? L.Of(control[1]) : one;
        for (nint i = from; i < to; i += L.Width)
        {
            int count = (int)Math.Min(L.Width, length - i);
            L x = Native.Load<E, L>(w + i, count), p = TRule.States > 0 ? Native.Load<E, L>(m + i, count) : zero;
            L q = TRule.States > 1 ? Native.Load<E, L>(v + i, count) : zero;
            GuardedUpdate.Apply<E, L, TRule>(rule, allowed, ref x, Native.Load<E, L>(g + i, count) * factor, ref p, ref q);
            Native.Store(w + i, x, count);
            if (TRule.States > 0) Native.Store(m + i, p, count);
            if (TRule.States > 1) Native.Store(v + i, q, count);
        }
    }

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Partial<TReduction>(in NormArguments<E> a) where TReduction : struct, IReduction<L>
    {
        int blocks = (int)a.Partial.Length, worker = CpuWorkers.Index(), workers = CpuWorkers.Count();
        E* x = AddressOf(a.Values), output = AddressOf(a.Partial);
        for (int block = Part.Share(blocks, worker, workers); block < Part.Share(blocks, worker + 1, workers); block++)
        {
            nint from = (nint)block * Reduction.Block, to = (nint)Math.Min(from + Reduction.Block, a.Values.Length);
            L total = L.Splat(0);
            for (nint i = from; i < to; i += L.Width) total = TReduction.Add(
                total, Native.Load<E, L>(x + i, (int)Math.Min(L.Width, to - i)));
            output[block] = Across<TReduction>(total);
        }
    }

    /// <summary>The elements of a vector merged, halves onto halves.</summary>
    static E Across<TReduction>(L total) where TReduction : struct, IReduction<L>
    {
        E* places = stackalloc E[2 * 16];
        for (int width = L.Width; width > 1; width /= 2)
        {
            L.Store(places, total);
            total = TReduction.Merge(total, Native.Load<E, L>(places + width / 2, width / 2));
        }
        L.Store(places, total);
        return places[0];
    }

    static E* AddressOf(ArrayView<E> view) => view.Length == 0 ? null : (E*)Unsafe.AsPointer(ref view[0]);
}
