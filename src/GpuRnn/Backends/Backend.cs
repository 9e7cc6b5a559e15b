using GpuRnn.Backends.Clusters;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Workers;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Backends;

/// <summary>
/// The kernels that a device runs, and how launches are shared out there. Chosen once, when a device is opened; nobody else asks of what
/// kind it is.
/// </summary>
abstract class Backend : IDisposable
{
    /// <summary>Do plans of a CPU go by what was measured of it?</summary>
    public virtual bool IsTuned => false;

    /// <summary>The file that holds what was measured.</summary>
    public virtual string? TuningFile => null;

    /// <summary>Measures what plans of a CPU are made from, and keeps it.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, double>> Tune(IProgress<double>? progress, CancellationToken cancel) =>
        throw new BadArgumentException("Device.Tune measures a CPU; this device is none.");

    /// <summary>Several launches follow: what each would do to this thread and undo is done once, until this is disposed.</summary>
    public virtual DenormalScope Several() => default;

    /// <summary>
    /// Fills memory that nobody may read before it is written: with zeros, so that a mistake is the same one every time, or with what shows
    /// it.
    /// </summary>
    public virtual void Fill<T>(Device device, ArrayView<T> memory) where T : unmanaged => device.Clear(memory);

    /// <summary>What keeps launches, to start them again as one; null where nothing does.</summary>
    public virtual Recorder? Recorder => null;

    /// <summary>A kernel, by its method.</summary>
    public abstract DeviceKernel<A> Kernel<A>(Action<A> method) where A : struct;

    /// <summary>Clusters of so many thread blocks that run at the same time, about; 0 where blocks cannot be clusters.</summary>
    public virtual int Clusters(int blocks) => 0;

    /// <summary>A kernel whose blocks are clusters of so many; where there are such.</summary>
    public virtual DeviceKernel<A> ClusterKernel<A>(Action<A> method, int blocks) where A : struct =>
        throw new NotSupportedException("This device has no clusters of thread blocks.");

    /// <summary>What a kernel leaves that gave up waiting for others; null where none waits.</summary>
    public virtual FaultWord? Fault => null;

    /// <summary>What is known of the fast kernels; null where there are none beside the portable ones.</summary>
    public virtual Trust? Trust => null;

    /// <summary>Is the first use of fast kernels compared with the portable ones?</summary>
    public virtual bool ChecksFirstUse => false;

    /// <summary>Frees what it holds of the device.</summary>
    public virtual void Dispose() { }

    /// <summary>One number of E.</summary>
    public static Type Number(Type element) => element == typeof(float) ? typeof(ScalarSingle) : typeof(ScalarDouble);

    /// <summary>What equations are evaluated on: the widest vectors that were chosen, or single numbers.</summary>
    public abstract Type Lane(Type element);

    /// <summary>So many workers: threads of one group, or groups of a grid.</summary>
    public abstract KernelConfig Workers(int count);

    /// <summary>As many workers as items keep busy.</summary>
    public abstract KernelConfig Items(int count);

    /// <summary>As many workers as elements of an array keep busy.</summary>
    public abstract KernelConfig Elements(long count);

    /// <summary>As many workers as rows of a dense layer of these sizes keep busy.</summary>
    public abstract KernelConfig Rows(int count, int inputs, int outputs);

    /// <summary>The loop over items that do not depend on each other.</summary>
    public abstract Type ItemLoop { get; }

    /// <summary>How items reach rows: a lane at a time, or single numbers.</summary>
    public abstract Type ItemAccess(Type element, Type lane, bool lanes);

    /// <summary>The loop over elements of arrays.</summary>
    public abstract Type ElementLoop(Type element);

    /// <summary>The tile of a dense layer.</summary>
    public abstract Type DenseTile(Type element, Type activation, Type loss);

    /// <summary>Elements of a dense layer's working memory in training.</summary>
    public abstract DenseSizes DenseSizes(int inputs, int stride, int width);

    /// <summary>The ways of running a layer, those that cannot run this one among them: they say why.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="storage">How its weights and gates are stored.</param>
    public abstract IReadOnlyList<Way<E>> Ways<E>(LayerShape layer, Storage storage) where E : unmanaged, IFloatingPointIeee754<E>;
}

/// <summary>Elements of a dense layer's working memory in training; 0 where it needs none.</summary>
/// <param name="ScratchStride">Scratch memory of a worker.</param>
/// <param name="Scratch">Of all workers.</param>
/// <param name="Weights">Gradients of weights in packed form.</param>
/// <param name="Bias">Of the bias.</param>
readonly record struct DenseSizes(int ScratchStride, long Scratch, long Weights, long Bias);
