using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Backends;

/// <summary>One of <see cref="SequenceKernels"/> over certain types.</summary>
abstract class Kernel<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Launches it. The arguments may change once this returns.</summary>
    public abstract void Launch(KernelConfig config, in SequenceArguments<E> a, int step);
}

/// <summary>A kernel with its arguments somewhere.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="name">The method.</param>
/// <param name="types">Its type arguments behind E and TAt.</param>
abstract class Kernel<E, TAt>(Device device, string name, params Type[] types) : Kernel<E>
    where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
{
    readonly Lazy<DeviceKernel<TAt>> kernel = new(() => device.Backend.Kernel(
        typeof(SequenceKernels).GetMethod(name)!.MakeGenericMethod([typeof(E), typeof(TAt), .. types]).CreateDelegate<Action<TAt>>()));

    protected void Launch(KernelConfig config, TAt at) => kernel.Value.Launch(config, at);
}
