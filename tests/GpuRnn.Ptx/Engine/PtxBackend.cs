using GpuRnn.Backends.Portable;
using GpuRnn.Devices;

namespace GpuRnn.Ptx.Engine;

/// <summary>What a GPU runs, by the machine of this project.</summary>
sealed class PtxBackend(Device device, PtxGpu gpu) : PortableBackend(device)
{
    public override DeviceKernel<A> Kernel<A>(Action<A> method) => new PtxKernel<A>(gpu, method);
}
