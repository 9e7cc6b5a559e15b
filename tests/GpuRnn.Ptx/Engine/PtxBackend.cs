using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuRnn.Backends.Portable;
using GpuRnn.Devices;
using GpuRnn.Ptx.Memory;
using ILGPU;

namespace GpuRnn.Ptx.Engine;

/// <summary>What a GPU runs, by the machine of this project.</summary>
sealed class PtxBackend(Device device, PtxGpu gpu) : PortableBackend(device, new PtxRecorder(gpu))
{
    /// <summary>Words that show in any result.</summary>
    public override unsafe void Fill<T>(Device device, ArrayView<T> memory)
    {
        device.Wait();
        Span<byte> bytes = new(Unsafe.AsPointer(ref memory[0]), checked((int)memory.LengthInBytes));
        foreach (ref uint word in MemoryMarshal.Cast<byte, uint>(bytes)) word = GlobalMemory.Unwritten;
    }

    public override DeviceKernel<A> Kernel<A>(Action<A> method) => new PtxKernel<A>(gpu, method, 0);

    public override int Clusters(int blocks) => blocks <= 16 ? 3 : 0;

    public override DeviceKernel<A> ClusterKernel<A>(Action<A> method, int blocks) => new PtxKernel<A>(gpu, method, blocks);
}
