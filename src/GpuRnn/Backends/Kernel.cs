using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;
using ILGPU.Runtime;

namespace GpuRnn.Backends;

/// <summary>One of <see cref="SequenceKernels"/> over certain types. It is compiled when it is first launched.</summary>
abstract class Kernel<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Launches it. The arguments may change once this returns.</summary>
    public abstract void Launch(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a, int step);
}

/// <summary>A kernel with its arguments somewhere.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="name">The method.</param>
/// <param name="types">Its type arguments behind E and TAt.</param>
abstract class Kernel<E, TAt>(Device device, string name, params Type[] types) : Kernel<E>
    where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
{
    readonly Lazy<Action<AcceleratorStream, KernelConfig, TAt, int>> launch = new(() =>
    {
        Action<TAt, int> method = typeof(SequenceKernels).GetMethod(name)!.MakeGenericMethod([typeof(E), typeof(TAt), .. types])
            .CreateDelegate<Action<TAt, int>>();
        return DeviceKernels.Compile(device, method, () => device.Accelerator.LoadKernel(method));
    });

    protected void Launch(AcceleratorStream stream, KernelConfig config, TAt at, int step)
    {
        Telemetry.Launched();
        launch.Value(stream, config, at, step);
    }
}
