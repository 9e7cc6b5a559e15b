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

    protected override void Start(KernelConfig config, in A a) => gpu.Run(code.Value, config, ArgumentBytes.Of(a, gpu.Memory));
}
