using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuRnn.Backends.Clusters;
using GpuRnn.Backends.Portable;
using GpuRnn.Devices;
using GpuRnn.Ptx.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Ptx.Engine;

/// <summary>What a GPU runs, by the machine of this project.</summary>
sealed class PtxBackend : PortableBackend
{
    readonly PtxGpu gpu;
    readonly MemoryBuffer1D<long, Stride1D.Dense> fault;

    public PtxBackend(Device device, PtxGpu gpu) : base(device, new PtxRecorder(gpu))
    {
        this.gpu = gpu;
        fault = device.Accelerator.Allocate1D(new long[1]);
        Fault = new(fault.NativePtr, (long)gpu.Memory.AddressOf(fault, 0), fault.Dispose);
    }

    public override FaultWord Fault { get; }

    public override Trust Trust { get; } = new(null, "");

    public override bool ChecksFirstUse => gpu.ChecksFirstUse;

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
