using GpuRnn.Devices;
using GpuRnn.Ptx.Machine;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Ptx.Engine;

/// <summary>A kernel that is compiled to PTX and run by the machine of this project.</summary>
/// <param name="gpu">The machine.</param>
/// <param name="method">The kernel.</param>
sealed class PtxKernel<A>(PtxGpu gpu, Action<A> method) : DeviceKernel<A> where A : struct
{
    readonly Lazy<KernelCode> code = new(() => gpu.Compile(method.Method));

    protected override void Start(KernelConfig config, in A a)
    {
        byte[] arguments = ArgumentBytes.Of(a, gpu.Memory);
        if (gpu.Kept is { } kept) kept.Add((code.Value, config, arguments));
        else gpu.Run(code.Value, config, arguments);
    }
}
