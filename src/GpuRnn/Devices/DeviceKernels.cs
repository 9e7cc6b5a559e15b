using System.Diagnostics;
using ILGPU.Runtime;

namespace GpuRnn.Devices;

/// <summary>Kernels of a device: compiled when they are first needed, and counted when they are launched.</summary>
static class DeviceKernels
{
    /// <summary>A kernel of one argument.</summary>
    public static Lazy<Action<AcceleratorStream, KernelConfig, A>> Kernel<A>(this Device device, Action<A> method)
        where A : struct => new(() =>
    {
        var launch = Compile(device, method, () => device.Accelerator.LoadKernel(method));
        return (stream, config, a) =>
        {
            Telemetry.Launched();
            launch(stream, config, a);
        };
    });

    /// <summary>A kernel of two.</summary>
    public static Lazy<Action<AcceleratorStream, KernelConfig, A, B>> Kernel<A, B>(this Device device, Action<A, B> method)
        where A : struct where B : struct => new(() =>
    {
        var launch = Compile(device, method, () => device.Accelerator.LoadKernel(method));
        return (stream, config, a, b) =>
        {
            Telemetry.Launched();
            launch(stream, config, a, b);
        };
    });

    /// <summary>A kernel of three.</summary>
    public static Lazy<Action<AcceleratorStream, KernelConfig, A, B, C>> Kernel<A, B, C>(this Device device, Action<A, B, C> method)
        where A : struct where B : struct where C : struct => new(() =>
    {
        var launch = Compile(device, method, () => device.Accelerator.LoadKernel(method));
        return (stream, config, a, b, c) =>
        {
            Telemetry.Launched();
            launch(stream, config, a, b, c);
        };
    });

    /// <summary>A kernel of five.</summary>
    public static Lazy<Action<AcceleratorStream, KernelConfig, A, B, C, D, F>> Kernel<A, B, C, D, F>(
        this Device device, Action<A, B, C, D, F> method)
        where A : struct where B : struct where C : struct where D : struct where F : struct => new(() =>
    {
        var launch = Compile(device, method, () => device.Accelerator.LoadKernel(method));
        return (stream, config, a, b, c, d, f) =>
        {
            Telemetry.Launched();
            launch(stream, config, a, b, c, d, f);
        };
    });

    /// <summary>A kernel of six.</summary>
    public static Lazy<Action<AcceleratorStream, KernelConfig, A, B, C, D, F, G>> Kernel<A, B, C, D, F, G>(
        this Device device, Action<A, B, C, D, F, G> method)
        where A : struct where B : struct where C : struct where D : struct where F : struct where G : struct => new(() =>
    {
        var launch = Compile(device, method, () => device.Accelerator.LoadKernel(method));
        return (stream, config, a, b, c, d, f, g) =>
        {
            Telemetry.Launched();
            launch(stream, config, a, b, c, d, f, g);
        };
    });

    /// <summary>Compiles a kernel, and tells who listens.</summary>
    public static TLaunch Compile<TLaunch>(Device device, Delegate method, Func<TLaunch> load)
    {
        string name = $"{method.Method.DeclaringType?.Name}.{method.Method.Name}";
        using Activity? activity = Telemetry.Begin("compile");
        activity?.SetTag("kernel", name);
        long began = Stopwatch.GetTimestamp();
        TLaunch launch = load();
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        Telemetry.Compiled(time);
        device.Logger.Compiled(name, time.TotalMilliseconds);
        return launch;
    }
}
