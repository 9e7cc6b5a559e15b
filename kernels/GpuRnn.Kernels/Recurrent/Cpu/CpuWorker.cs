using System.Runtime.CompilerServices;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>
/// A worker of a launch on a CPU, and its place in the grid of workers. It holds nothing else from step to step.
/// </summary>
struct CpuWorker : IWorker<CpuWorker>
{
    int index, count, group, members;

    public readonly int Index => index;
    public readonly int Count => count;
    public readonly int Member => index - group * members;
    public readonly int Members => members;

    public static CpuWorker Enter<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>
    {
        int index = CpuWorkers.Index(), count = CpuWorkers.Count(), members = WorkerGrid.Members(count, a.Groups);
        return new() { index = index, count = count, group = index / members, members = members };
    }

    public readonly void Step<E>(in SequenceArguments<E> a, int step) where E : unmanaged, IFloatingPointIeee754<E> { }

    public readonly void Wait() { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Meet<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> =>
        MeetAt(a.Barrier, 1 + group, members);

    public readonly void MeetAll<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> => MeetAt(a.Barrier, 0, count);

    public readonly void Leave<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> { }

    [IntrinsicImplementation]
    static unsafe void MeetAt(in Buffer<int> barriers, int barrier, int workers) =>
        CpuWorkers.Meet(Native.Address(barriers) + barrier * CpuWorkers.BarrierLength, workers);
}
