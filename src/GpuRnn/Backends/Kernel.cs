using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;
using ILGPU.Runtime;

namespace GpuRnn.Backends;

/// <summary>
/// One of <see cref="SequenceKernels"/> over certain types. It is compiled when it is first launched. Its arguments are kilobytes: nothing
/// stands between them and ILGPU's own launcher.
/// </summary>
sealed class Kernel<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Lazy<Action<AcceleratorStream, KernelConfig, SequenceArguments<E>, int>> launch;

    /// <param name="device">Where it runs.</param>
    /// <param name="name">The method.</param>
    /// <param name="types">Its type arguments behind E.</param>
    public Kernel(Device device, string name, params Type[] types) => launch = new(() =>
    {
        Action<SequenceArguments<E>, int> method = typeof(SequenceKernels).GetMethod(name)!.MakeGenericMethod([typeof(E), .. types])
            .CreateDelegate<Action<SequenceArguments<E>, int>>();
        return DeviceKernels.Compile(device, method, () => device.Accelerator.LoadKernel(method));
    });

    public void Launch(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a, int step)
    {
        Telemetry.Launched();
        launch.Value(stream, config, a, step);
    }
}
