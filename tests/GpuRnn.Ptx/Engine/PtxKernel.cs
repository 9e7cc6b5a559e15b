using GpuRnn.Devices;
using GpuRnn.Ptx.Machine;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Ptx.Engine;

/// <summary>A kernel that is compiled to PTX and run by the machine of this project.</summary>
/// <param name="gpu">The machine.</param>
/// <param name="method">The kernel.</param>
/// <param name="cluster">Blocks of a cluster; 0 where it knows of none.</param>
sealed class PtxKernel<A>(PtxGpu gpu, Action<A> method, int cluster) : DeviceKernel<A> where A : struct
{
    readonly Lazy<KernelCode> code = new(() => gpu.Compile(method.Method, cluster));

    protected override void Start(KernelConfig config, in A a)
    {
        byte[] arguments = ArgumentBytes.Of(a, gpu.Memory);
        if (gpu.Kept is { } kept) kept.Add(new(code.Value, config, cluster, arguments));
        else gpu.Run(new(code.Value, config, cluster, arguments));
    }
}

/// <summary>A launch.</summary>
/// <param name="Code">The kernel.</param>
/// <param name="Config">Blocks, threads and shared memory.</param>
/// <param name="Cluster">Blocks of a cluster.</param>
/// <param name="Arguments">As the kernel reads them.</param>
sealed record PtxLaunch(KernelCode Code, KernelConfig Config, int Cluster, byte[] Arguments);
