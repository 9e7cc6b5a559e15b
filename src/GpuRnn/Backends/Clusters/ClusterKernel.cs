using System.Reflection;
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
    readonly Lazy<DeviceKernel<ClusterLaunch>> kernel = new(() =>
        device.Backend.ClusterKernel(MethodOf(name, stage).CreateDelegate<Action<ClusterLaunch>>(), blocks));
    readonly long fault = device.Backend.Fault!.Address;

    /// <summary>The method of a stage.</summary>
    public static MethodInfo MethodOf(string name, Type stage) => typeof(ClusterKernels).GetMethod(name)!.MakeGenericMethod(stage);

    public override void Launch(KernelConfig config, in SequenceArguments<float> a, int step) =>
        kernel.Value.Launch(config, new() { Arguments = a, Step = step, Fault = fault });
}
