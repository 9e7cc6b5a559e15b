using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>A worker owns sequences, all hidden units of them, and never waits for another in the time loop.</summary>
struct SequencesOwned : IStrategy
{
    public static bool MeetsEachStage => false;

    [IntrinsicImplementation]
    public static unsafe Part PartOf<E>(in SequenceArguments<E> a, int panels, int worker, int workers)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        new() { Row0 = Native.Address(a.Bounds)[worker], Row1 = Native.Address(a.Bounds)[worker + 1], Panel1 = panels };
}
