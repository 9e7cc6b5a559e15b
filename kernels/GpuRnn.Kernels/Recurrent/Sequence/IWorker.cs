namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// A worker in a launch: one OS thread on a CPU, one thread group on a GPU; all threads of a worker make every call together. It is a
/// value made at the start of a launch, so a tile may keep in it what lasts from step to step: weights in registers or shared memory, an
/// exchange that is armed.
/// </summary>
/// <typeparam name="TSelf">The worker itself.</typeparam>
interface IWorker<TSelf> where TSelf : struct, IWorker<TSelf>
{
    /// <summary>The start of a launch.</summary>
    static abstract TSelf Enter<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>;
    /// <summary>Which worker this is.</summary>
    int Index { get; }
    /// <summary>How many there are in this launch.</summary>
    int Count { get; }
    /// <summary>A step begins.</summary>
    void Step<E>(in SequenceArguments<E> a, int step) where E : unmanaged, IFloatingPointIeee754<E>;
    /// <summary>The threads of this worker see each other's writes.</summary>
    void Wait();
    /// <summary>Which of the workers that own the same sequences this is.</summary>
    int Member { get; }
    /// <summary>How many own them.</summary>
    int Members { get; }
    /// <summary>
    /// The workers that own the same sequences see each other's writes. Only where a way of running launches them together.
    /// </summary>
    void Meet<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>;
    /// <summary>All workers see each other's writes, as above.</summary>
    void MeetAll<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>;
    /// <summary>The end of a launch.</summary>
    void Leave<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>;
}
