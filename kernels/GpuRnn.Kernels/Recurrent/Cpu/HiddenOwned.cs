namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>A worker owns panels of hidden units of all sequences, and all workers meet after every stage: for few sequences.</summary>
struct HiddenOwned : IStrategy
{
    public static bool MeetsEachStage => true;

    public static Part PartOf<E>(in SequenceArguments<E> a, int panels, int worker, int workers)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        new() { Row1 = a.B, Panel0 = Part.Share(panels, worker, workers), Panel1 = Part.Share(panels, worker + 1, workers) };
}
