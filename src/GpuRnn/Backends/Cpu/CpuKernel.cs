using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;
using ILGPU.Runtime;

namespace GpuRnn.Backends.Cpu;

/// <summary>On the CPU, where a launch returns when it has run, workers read the host's own arguments.</summary>
sealed class CpuKernel<E>(Device device, string name, params Type[] types) : Kernel<E, InHost<E>>(device, name, types)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    public override unsafe void Launch(KernelConfig config, in SequenceArguments<E> a, int step)
    {
#pragma warning disable CS8500 // views are references, which workers leave alone: they go by addresses
        fixed (SequenceArguments<E>* address = &a) Launch(config, new InHost<E>((long)address, step));
#pragma warning restore CS8500
    }
}
