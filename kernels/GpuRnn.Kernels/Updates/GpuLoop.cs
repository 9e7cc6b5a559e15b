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
    public static void Update<TRule>(in UpdateArguments<E, TRule> a) where TRule : struct, IUpdateRule<TRule, E, L>
    {
        L factor = L.Splat(1), allowed = factor;
        if (a.Control.Length > 0)
        {
            factor = L.Of(a.Control[0]);
            allowed = L.Of(a.Control[1]);
        }
        for (long i = Grid.IdxX * (long)Group.DimX + Group.IdxX; i < a.Value.Length; i += Grid.DimX * (long)Group.DimX)
        {
            L x = L.Of(a.Value[i]), p = L.Splat(0), q = L.Splat(0);
            if (TRule.States > 0) p = L.Of(a.First[i]);
            if (TRule.States > 1) q = L.Of(a.Second[i]);
            GuardedUpdate.Apply<E, L, TRule>(a.Rule, allowed, ref x, L.Of(a.Gradient[i]) * factor, ref p, ref q);
            a.Value[i] = L.Value(x);
            if (TRule.States > 0) a.First[i] = L.Value(p);
            if (TRule.States > 1) a.Second[i] = L.Value(q);
        }
    }

    /// <inheritdoc/>
    public static void Partial<TReduction>(in NormArguments<E> a) where TReduction : struct, IReduction<L>
    {
        ArrayView<E> shared = SharedMemory.Allocate<E>(PortableShape.Threads);
        for (int block = Grid.IdxX; block < a.Partial.Length; block += Grid.DimX)
        {
            long from = (long)block * Reduction.Block, to = from + Reduction.Block;
            if (to > a.Values.Length) to = a.Values.Length;
            L total = L.Splat(0);
            for (long i = from + Group.IdxX; i < to; i += Group.DimX) total = TReduction.Add(total, L.Of(a.Values[i]));
            shared[Group.IdxX] = L.Value(total);
            Group.Barrier();
            if (Group.IdxX == 0)
            {
                for (int i = 1; i < Group.DimX; i++) total = TReduction.Merge(total, L.Of(shared[i]));
                a.Partial[block] = L.Value(total);
            }
            Group.Barrier();
        }
    }
}
