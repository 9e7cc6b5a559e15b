using GpuRnn.Backends.Portable;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// NVIDIA's GPUs: the kernels of any GPU, loaded and launched by the driver, and clusters of thread blocks from compute capability 9.0 on.
/// With GPURNN_CUDA=portable the kernels of any GPU alone, loaded by ILGPU.
/// </summary>
sealed class CudaBackend : PortableBackend
{
    readonly Device device;
    readonly bool clusters;

    CudaBackend(Device device, Recorder? recorder) : base(device, recorder) =>
        (this.device, clusters) = (device, ((CudaAccelerator)device.Accelerator).Architecture.Major >= 9);

    /// <summary>The backend of a device of ILGPU's.</summary>
    public static PortableBackend Of(Device device)
    {
        CudaGraphs? graphs = CudaGraphs.Of(device);
        bool portable = Environment.GetEnvironmentVariable("GPURNN_CUDA") == "portable";
        return portable || !CudaDriver.IsWhole ? new PortableBackend(device, graphs) : new CudaBackend(device, graphs);
    }

    public override DeviceKernel<A> Kernel<A>(Action<A> method) => new CudaKernel<A>(device, method, 0);

    /// <summary>
    /// Blocks of a cluster are on neighbouring multiprocessors. Of 132, 15 clusters of 8 and 7 of 16 were seen to run at a time on an H200.
    /// </summary>
    public override int Clusters(int blocks) =>
        !clusters || blocks > 16 ? 0 : Math.Max(1, device.Workers / blocks - (blocks >= 8 ? 1 : 0));

    public override DeviceKernel<A> ClusterKernel<A>(Action<A> method, int blocks) => new CudaKernel<A>(device, method, blocks);
}
