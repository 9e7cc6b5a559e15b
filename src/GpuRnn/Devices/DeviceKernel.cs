using System.Diagnostics;
using ILGPU.Runtime;

namespace GpuRnn.Devices;

/// <summary>A kernel of a device. It is made ready when it is first launched.</summary>
/// <typeparam name="A">What it reads and writes.</typeparam>
abstract class DeviceKernel<A> where A : struct
{
    /// <summary>Launches it behind everything that was asked of the device before. The arguments may change once this returns.</summary>
    public void Launch(KernelConfig config, in A a)
    {
        Telemetry.Launched();
        Start(config, a);
    }

    protected abstract void Start(KernelConfig config, in A a);
}

/// <summary>A kernel that ILGPU compiles and launches.</summary>
/// <param name="device">Where.</param>
/// <param name="method">The kernel.</param>
sealed class AcceleratorKernel<A>(Device device, Action<A> method) : DeviceKernel<A> where A : struct
{
    readonly Lazy<Action<AcceleratorStream, KernelConfig, A>> launch = new(() =>
    {
        string name = $"{method.Method.DeclaringType?.Name}.{method.Method.Name}";
        using Activity? activity = Telemetry.Begin("compile");
        activity?.SetTag("kernel", name);
        long began = Stopwatch.GetTimestamp();
        Action<AcceleratorStream, KernelConfig, A> launch = device.Accelerator.LoadKernel(method);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        Telemetry.Compiled(time);
        device.Logger.Compiled(name, time.TotalMilliseconds);
        return launch;
    });

    protected override void Start(KernelConfig config, in A a) => launch.Value(device.Stream, config, a);
}
