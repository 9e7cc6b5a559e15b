using GpuRnn.Backends.Clusters;
using GpuRnn.Backends.Portable;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using GpuRnn.Interop;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// NVIDIA's GPUs: the kernels of any GPU, loaded and launched by the driver, and clusters of thread blocks from compute capability 9.0 on.
/// With GPURNN_CUDA=portable the kernels of any GPU alone, loaded by ILGPU; with GPURNN_CUDA=unchecked those of clusters without a
/// comparison at their first use, for tests that compare them anyway.
/// </summary>
sealed class CudaBackend : PortableBackend
{
    readonly Device device;

    CudaBackend(Device device, Recorder? recorder) : base(device, recorder)
    {
        this.device = device;
        CudaAccelerator accelerator = (CudaAccelerator)device.Accelerator;
        if (accelerator.Architecture.Major < 9) return;
        accelerator.Bind();
        (nint word, long address) = CudaDriver.Share(sizeof(long));
        Fault = new(word, address, () => CudaDriver.Free(word));
        Trust = new(Path.Combine(UserFolder.Cache, $"{UserFolder.Plain(device.Name)}-checks.txt"),
            $"{typeof(CudaBackend).Module.ModuleVersionId} driver {accelerator.DriverVersion}");
    }

    /// <summary>The backend of a device of ILGPU's.</summary>
    public static PortableBackend Of(Device device)
    {
        CudaGraphs? graphs = CudaGraphs.Of(device);
        bool portable = Environment.GetEnvironmentVariable("GPURNN_CUDA") == "portable";
        return portable || !CudaDriver.IsWhole ? new PortableBackend(device, graphs) : new CudaBackend(device, graphs);
    }

    public override DeviceKernel<A> Kernel<A>(Action<A> method) => new CudaKernel<A>(device, method, 0);

    public override FaultWord? Fault { get; }

    public override Trust? Trust { get; }

    public override bool ChecksFirstUse => Environment.GetEnvironmentVariable("GPURNN_CUDA") != "unchecked";

    /// <summary>
    /// Blocks of a cluster are on neighbouring multiprocessors. Of 132, 15 clusters of 8 and 7 of 16 were seen to run at a time on an H200.
    /// </summary>
    public override int Clusters(int blocks) =>
        Fault is null || blocks > 16 ? 0 : Math.Max(1, device.Workers / blocks - (blocks >= 8 ? 1 : 0));

    public override DeviceKernel<A> ClusterKernel<A>(Action<A> method, int blocks) => new CudaKernel<A>(device, method, blocks);

    public override void Dispose()
    {
        if (Fault is null) return;
        try
        {
            device.Accelerator.Bind();
            device.Stream.Synchronize(); // a kernel might write to it yet
            Fault.Dispose();
        }
        catch (Exception e) when (e is CudaException or InvalidOperationException)
        {
            // the device is lost, and all of its memory with it
        }
    }
}
