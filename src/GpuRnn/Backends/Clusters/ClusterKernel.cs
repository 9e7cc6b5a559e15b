using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Clusters;

namespace GpuRnn.Backends.Clusters;

/// <summary>One of <see cref="ClusterKernels"/> over a stage.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="name">The method.</param>
/// <param name="stage">The stage.</param>
/// <param name="blocks">Blocks of a cluster.</param>
sealed class ClusterKernel(Device device, string name, Type stage, int blocks) : Kernel<float>
{
    readonly Lazy<DeviceKernel<InLaunch<float>>> kernel = new(() => device.Backend.ClusterKernel(
        typeof(ClusterKernels).GetMethod(name)!.MakeGenericMethod(typeof(InLaunch<float>), stage).CreateDelegate<Action<InLaunch<float>>>(),
        blocks));

    public override void Launch(KernelConfig config, in SequenceArguments<float> a, int step) =>
        kernel.Value.Launch(config, new() { Arguments = a, Step = step });
}
