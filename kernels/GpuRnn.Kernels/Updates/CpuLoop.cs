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
    public static void Update<TRule>(
        TRule rule, ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> first, ArrayView<E> second, ArrayView<E> control)
        where TRule : struct, IUpdateRule<TRule, E, L>
    {
        nint vectors = (nint)((value.Length + L.Width - 1) / L.Width);
        nint from = vectors * Group.IdxX / Group.DimX * L.Width, to = vectors * (Group.IdxX + 1) / Group.DimX * L.Width,
            length = (nint)value.Length;
        E* w = AddressOf(value), g = AddressOf(gradient), m = AddressOf(first), v = AddressOf(second);
        L one = L.Splat(1), zero = L.Splat(0), factor = control.Length > 0 ? L.Of(control[0]) : one, allowed = control.Length > 0
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
    public static void Partial<TReduction>(ArrayView<E> values, ArrayView<E> partial) where TReduction : struct, IReduction<L>
    {
        int blocks = (int)partial.Length;
        E* x = AddressOf(values), output = AddressOf(partial);
        for (int block = Part.Share(blocks, Group.IdxX, Group.DimX); block < Part.Share(blocks, Group.IdxX + 1, Group.DimX); block++)
        {
            nint from = (nint)block * Reduction.Block, to = (nint)Math.Min(from + Reduction.Block, values.Length);
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
