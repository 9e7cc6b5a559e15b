namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>A group owns sequences, all hidden units of them, through all steps.</summary>
struct SequencesOwned : IStrategy
{
    public static bool MeetsEachStage => false;

    public static Part PartOf<E>(in SequenceArguments<E> a, int panels, int worker, int workers)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        new() { Row0 = a.Bounds[worker], Row1 = a.Bounds[worker + 1], Panel1 = panels };
}
