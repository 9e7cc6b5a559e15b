using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;
using ILGPU.Runtime;

namespace GpuRnn.Backends.Portable;

/// <summary>On a GPU arguments go with the launch.</summary>
sealed class PortableKernel<E>(Device device, string name, params Type[] types) : Kernel<E, InLaunch<E>>(device, name, types)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    public override void Launch(KernelConfig config, in SequenceArguments<E> a, int step) =>
        Launch(config, new InLaunch<E> { Arguments = a, Step = step });
}
