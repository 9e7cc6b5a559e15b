using System.Runtime.CompilerServices;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>
/// A worker of a launch on a CPU. It holds nothing from step to step but its number.
/// </summary>
struct CpuWorker : IWorker<CpuWorker>
{
    int index, count;

    public readonly int Index => index;
    public readonly int Count => count;

    public static CpuWorker Enter<E>(in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        new() { index = CpuWorkers.Index(), count = CpuWorkers.Count() };

    public readonly void Step<E>(in SequenceArguments<E> a, int step) where E : unmanaged, IFloatingPointIeee754<E> { }

    public readonly void Wait() { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Meet<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> => MeetAll(a.Barrier, count);

    public readonly void Leave<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> { }

    [IntrinsicImplementation]
    static unsafe void MeetAll(in Buffer<int> barrier, int workers) => CpuWorkers.Meet(Native.Address(barrier), workers);
}
