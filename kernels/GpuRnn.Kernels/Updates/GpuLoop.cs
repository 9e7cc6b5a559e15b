using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;

namespace GpuRnn.Kernels.Updates;

/// <summary>Threads of a grid, for any GPU.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
struct GpuLoop<E, L> : ILoop<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static void Update<TRule>(
        TRule rule, ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> first, ArrayView<E> second, ArrayView<E> control)
        where TRule : struct, IUpdateRule<TRule, E, L>
    {
        L factor = L.Splat(1), allowed = factor;
        if (control.Length > 0)
        {
            factor = L.Of(control[0]);
            allowed = L.Of(control[1]);
        }
        for (long i = Grid.IdxX * (long)Group.DimX + Group.IdxX; i < value.Length; i += Grid.DimX * (long)Group.DimX)
        {
            L x = L.Of(value[i]), p = L.Splat(0), q = L.Splat(0);
            if (TRule.States > 0) p = L.Of(first[i]);
            if (TRule.States > 1) q = L.Of(second[i]);
            GuardedUpdate.Apply<E, L, TRule>(rule, allowed, ref x, L.Of(gradient[i]) * factor, ref p, ref q);
            value[i] = L.Value(x);
            if (TRule.States > 0) first[i] = L.Value(p);
            if (TRule.States > 1) second[i] = L.Value(q);
        }
    }

    /// <inheritdoc/>
    public static void Partial<TReduction>(ArrayView<E> values, ArrayView<E> partial) where TReduction : struct, IReduction<L>
    {
        ArrayView<E> shared = SharedMemory.Allocate<E>(PortableShape.Threads);
        for (int block = Grid.IdxX; block < partial.Length; block += Grid.DimX)
        {
            long from = (long)block * Reduction.Block, to = from + Reduction.Block < values.Length ? from + Reduction.Block : values.Length;
            L total = L.Splat(0);
            for (long i = from + Group.IdxX; i < to; i += Group.DimX) total = TReduction.Add(total, L.Of(values[i]));
            shared[Group.IdxX] = L.Value(total);
            Group.Barrier();
            if (Group.IdxX == 0)
            {
                for (int i = 1; i < Group.DimX; i++) total = TReduction.Merge(total, L.Of(shared[i]));
                partial[block] = L.Value(total);
            }
            Group.Barrier();
        }
    }
}
