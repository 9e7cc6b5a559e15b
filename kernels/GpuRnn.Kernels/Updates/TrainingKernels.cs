using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Updates;

/// <summary>Norms, clipping and update steps over all parameters of a model at once.</summary>
static class TrainingKernels
{
    /// <summary>Applies a rule.</summary>
    public static void Update<E, L, TLoop, TRule>(UpdateArguments<E, TRule> a)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TLoop : struct, ILoop<E, L>
        where TRule : struct, IUpdateRule<TRule, E, L> =>
        TLoop.Update(in a);

    /// <summary>A reduction of every block.</summary>
    public static void Partial<E, L, TLoop, TReduction>(NormArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TLoop : struct, ILoop<E, L>
        where TReduction : struct, IReduction<L> =>
        TLoop.Partial<TReduction>(in a);

    /// <summary>
    /// From the blocks' reductions, in turn, control: [0] min(1, limit / (norm + 1e-6)) as torch.nn.utils.clip_grad_norm_ has it, [1] 1 if
    /// the norm is finite, else 0, [2] the norm. A limit of 0 clips nothing. One thread.
    /// </summary>
    public static void Clip<E, L, TNorm>(NormArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TNorm : struct, IReduction<L>
    {
        L norm = Total<E, L, TNorm>(a.Partial), one = L.Splat(1), most = L.Of(a.Limit);
        L scale = most / (norm + L.Splat(1e-6));
        scale = L.WherePositive(most, L.WherePositive(one - scale, scale, one), one);
        a.Control[0] = L.Value(scale);
        a.Control[1] = L.Value(L.WherePositive(one + (norm - norm), one, L.Splat(0)));
        a.Control[2] = L.Value(norm);
    }

    static L Total<E, L, TReduction>(ArrayView<E> partial)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TReduction : struct, IReduction<L>
    {
        L total = L.Splat(0);
        for (int i = 0; i < partial.Length; i++) total = TReduction.Merge(total, L.Of(partial[i]));
        return TReduction.Finish(total);
    }
}
