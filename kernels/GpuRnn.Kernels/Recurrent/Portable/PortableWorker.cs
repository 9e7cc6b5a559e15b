using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>
/// A worker of any GPU: a thread group. Groups never wait for each other inside a launch, for nothing promises that they run at the same
/// time.
/// </summary>
struct PortableWorker : IWorker<PortableWorker>
{
    /// <summary>What its threads share.</summary>
    public GroupMemory Memory;

    public readonly int Index => Grid.IdxX;
    public readonly int Count => Grid.DimX;
    public readonly int Member => 0;
    public readonly int Members => 1;

    public static PortableWorker Enter<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> =>
        new() { Memory = GroupMemory.Make<E>() };

    public readonly void Step<E>(in SequenceArguments<E> a, int step) where E : unmanaged, IFloatingPointIeee754<E> { }

    public readonly void Wait()
    {
        MemoryFence.DeviceLevel();
        Group.Barrier();
    }

    /// <summary>Ways of running for this worker end a launch where workers must meet.</summary>
    public readonly void Meet<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> => Wait();

    /// <inheritdoc cref="Meet"/>
    public readonly void MeetAll<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> => Wait();

    public readonly void Leave<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E> { }
}
