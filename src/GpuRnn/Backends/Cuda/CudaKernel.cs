using System.Diagnostics;
using GpuRnn.Devices;
using GpuRnn.Interop;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Backends.Cuda;

/// <summary>A kernel that ILGPU compiles, or has compiled once, and the driver loads and launches.</summary>
/// <param name="device">Where.</param>
/// <param name="method">The kernel.</param>
/// <param name="cluster">Blocks of a cluster; 0 where it knows of none.</param>
sealed unsafe class CudaKernel<A>(Device device, Action<A> method, int cluster) : DeviceKernel<A> where A : struct
{
    readonly Lazy<nint> function = new(() =>
    {
        string name = $"{method.Method.DeclaringType?.Name}.{method.Method.Name}";
        using Activity? activity = Telemetry.Begin("compile");
        activity?.SetTag("kernel", name);
        long began = Stopwatch.GetTimestamp();
        PTXBackend backend = (PTXBackend)device.Accelerator.GetBackend();
        string how = $"{backend.Architecture} {backend.InstructionSet} {device.Accelerator.Context.Properties.OptimizationLevel} "
            + $"{device.Accelerator.Context.Properties.MathMode} {cluster > 0}";
        string text = KernelCache.Find(UserFolder.Kernels, method.Method, how, () => KernelText.Edit(
            ((PTXCompiledKernel)backend.Compile(
                EntryPointDescription.FromExplicitlyGroupedKernel(method.Method), KernelSpecialization.Empty)).PTXAssembly, cluster > 0));
        if (KernelText.ArgumentBytes(text) != ArgumentPacker<A>.Size) throw new InvalidOperationException(
            $"Kernel {name} takes {KernelText.ArgumentBytes(text)} bytes of arguments, {ArgumentPacker<A>.Size} were laid out: a fault of "
            + "this library; GPURNN_CUDA=portable goes around it.");
        device.Accelerator.Bind();
        nint function = CudaDriver.Load(text, KernelText.Entry(text), cluster);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        Telemetry.Compiled(time);
        device.Logger.Compiled(name, time.TotalMilliseconds);
        return function;
    });

    int allowed = 48 << 10;

    protected override void Start(KernelConfig config, in A a)
    {
        nint kernel = function.Value;
        byte* arguments = stackalloc byte[ArgumentPacker<A>.Size];
        ArgumentPacker<A>.Write(in a, (nint)arguments);
        device.Accelerator.Bind();
        int bytes = config.SharedMemoryConfig.NumElements * config.SharedMemoryConfig.ElementSize;
        if (bytes > allowed) CudaDriver.AllowShared(kernel, allowed = bytes);
        CudaDriver.Launch(kernel, config, bytes, cluster, ((CudaStream)device.Stream).StreamPtr, arguments);
    }
}
