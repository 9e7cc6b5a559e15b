using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>
/// Workers form a grid: groups own sequences, and the workers of a group share the hidden units of these and meet after every stage. With
/// a group a worker nobody meets; with one group all do.
/// </summary>
struct WorkerGrid : IStrategy
{
    public static bool MeetsEachStage => true;

    /// <summary>Workers of a group; a launch that packs weights may have fewer workers than there are groups.</summary>
    public static int Members(int workers, int groups) => groups > 1 ? Math.Max(1, workers / groups) : workers;

    [IntrinsicImplementation]
    public static unsafe Part PartOf<E>(in SequenceArguments<E> a, int panels, int worker, int workers)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        int members = Members(workers, a.Groups), group = worker / members, member = worker - group * members;
        return new()
        {
            Row0 = Native.Address(a.Bounds)[group], Row1 = Native.Address(a.Bounds)[group + 1],
            Panel0 = Part.Share(panels, member, members), Panel1 = Part.Share(panels, member + 1, members),
        };
    }
}
