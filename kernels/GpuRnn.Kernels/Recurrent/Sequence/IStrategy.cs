namespace GpuRnn.Kernels.Recurrent;

/// <summary>How workers share a pass: a way of running a layer, as its kernels know it.</summary>
interface IStrategy
{
    /// <summary>Must workers meet after every stage?</summary>
    static abstract bool MeetsEachStage { get; }

    /// <summary>What a worker owns of a stage with so many panels.</summary>
    static abstract Part PartOf<E>(in SequenceArguments<E> a, int panels, int worker, int workers)
        where E : unmanaged, IFloatingPointIeee754<E>;
}
