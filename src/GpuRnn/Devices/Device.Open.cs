using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using GpuRnn.Backends;
using GpuRnn.Backends.Cpu;
using GpuRnn.Backends.Cpu.Speeds;
using GpuRnn.Backends.Cuda;
using GpuRnn.Backends.Portable;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuRnn.Devices;

public sealed partial class Device
{
    /// <summary>
    /// Opens a device: "cuda", "cuda:1", "opencl", "opencl:1", "cpu", "cpu:N" (N workers). Without a name, what the environment variable
    /// GPURNN_DEVICE names; without that, the first CUDA GPU, else the first OpenCL GPU, else the CPU.
    /// </summary>
    /// <param name="name">The device, or null.</param>
    /// <param name="options">Its log, and how a CPU accelerator is made.</param>
    /// <exception cref="NoDeviceException">No such device; the message says which there are.</exception>
    /// <exception cref="BadArgumentException">The name is none of a device, or an option cannot be.</exception>
    [RequiresDynamicCode(DynamicCode.Aot), RequiresUnreferencedCode(DynamicCode.Trimming)]
    public static Device Open(string? name = null, DeviceOptions? options = null)
    {
        DynamicCode.Check();
        long began = Stopwatch.GetTimestamp();
        Device device = Choose(name, options ?? new());
        device.Logger.Opened(device.Name, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return device;
    }

    static Device Choose(string? name, DeviceOptions options)
    {
        name ??= Environment.GetEnvironmentVariable("GPURNN_DEVICE");
        DeviceName wanted = DeviceName.Parse(name);
        if (wanted.Kind is null)
            return FirstGpu(DeviceKind.Cuda, options) ?? FirstGpu(DeviceKind.OpenCl, options) ?? OpenCpu(options);
        if (wanted.Kind == DeviceKind.Cpu)
            return OpenCpu(options with { Workers = wanted.Number ?? options.Workers });
        Gpus gpus = Gpus.Of(wanted.Kind.Value);
        return gpus.Devices.ElementAtOrDefault(wanted.Number ?? 0) is { } gpu ? OpenGpu(gpu, name!, options)
            : throw new NoDeviceException($"There is no device '{name}' here{(gpus.Missing is null ? "" : $": {gpus.Missing}")}. " +
                $"There is: {string.Join(", ", DeviceInfo.All().Select(d => d.Id))}.");
    }

    /// <summary>A device on an accelerator (and stream) that the caller owns and keeps: disposing the device leaves both alone.</summary>
    /// <param name="accelerator"> The accelerator. A CPU accelerator's group size bounds the workers, and there is one where it runs
    /// threads in turn (CPUAcceleratorMode.Sequential, which is also what Auto becomes under a debugger). Its threads are not pinned; until
    /// the device is disposed they take denormal numbers for zero. A GPU's kernels are compiled at the optimisation level of its context:
    /// the engine is fast, and checked, at OptimizationLevel.O2, which <see cref="Open"/> uses; ILGPU's default is O1. </param>
    /// <param name="stream">The stream; null for the accelerator's default stream.</param>
    /// <param name="logger">As <see cref="DeviceOptions.Logger"/>.</param>
    /// <exception cref="BadArgumentException">The stream is of another accelerator.</exception>
    [RequiresDynamicCode(DynamicCode.Aot), RequiresUnreferencedCode(DynamicCode.Trimming)]
    public static Device From(Accelerator accelerator, AcceleratorStream? stream = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        if (stream is not null && stream.Accelerator != accelerator)
            throw new BadArgumentException("The stream is one of another accelerator.");
        return accelerator switch
        {
            CPUAccelerator cpu => new(null, cpu, stream, DeviceKind.Cpu,
                cpu.UsesSequentialExecution ? 1 : Math.Min(Environment.ProcessorCount, cpu.MaxNumThreadsPerGroup), logger,
                device => new CpuBackend(device, null, null), DefaultVectorBits, FloatMode.Of(cpu)),
            _ => Gpu(null, accelerator, stream, logger),
        };
    }

    static Device Gpu(Context? context, Accelerator accelerator, AcceleratorStream? stream, ILogger? logger) => new(context, accelerator,
        stream, accelerator is CLAccelerator ? DeviceKind.OpenCl : DeviceKind.Cuda, accelerator.NumMultiprocessors, logger,
        device => accelerator is CudaAccelerator ? CudaBackend.Of(device) : new PortableBackend(device));

    /// <summary>A GPU that is none: its memory is that of the accelerator, its kernels are run by what the backend makes of them.</summary>
    internal static Device Simulated(Context context, Accelerator accelerator, int multiprocessors, Func<Device, Backend> backend) =>
        new(context, accelerator, null, DeviceKind.Cuda, multiprocessors, null, backend);

    internal static int DefaultVectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    static Device OpenCpu(DeviceOptions options)
    {
        int workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        int bits = options.VectorBits == 0 ? DefaultVectorBits : options.VectorBits;
        if (bits is not (128 or 256 or 512))
            throw new BadArgumentException(
                $"DeviceOptions.VectorBits is {options.VectorBits}; it can be 128, 256, 512, or 0 for the best of the machine.");
        if (workers > 1024) throw new BadArgumentException($"{workers} workers are more than a device may have (1024).");
        NativeLibraries.Prepare();
        // in a process that is new most of it is code to compile, ILGPU's and this library's: side by side
        Task<(Context, Accelerator)> opening = Task.Run(() => OpenAccelerator(workers));
        Team team = new(workers, options.PinWorkers ? Seats.For(workers) : null);
        try
        {
            CpuSpeeds speeds = SpeedFile.Find(workers, bits, options.UseTuning, options.Logger ?? NullLogger.Instance);
            (Context context, Accelerator accelerator) = opening.GetAwaiter().GetResult();
            return new(context, accelerator, null, DeviceKind.Cpu, workers, options.Logger,
                device => new CpuBackend(device, team, speeds), bits, team);
        }
        catch
        {
            team.Dispose();
            // what was opened beside it is closed when it is there
            opening.ContinueWith(o => o.Result.Item1.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw;
        }
    }

    static (Context, Accelerator) OpenAccelerator(int workers)
    {
        // a group's threads run at the same time, groups of a grid do not: one group whose threads are the workers (2 is the least that
        // ILGPU takes)
        Context context = Context.Create(builder => builder.CPU(new CPUDevice(Math.Max(2, workers), 1, 1)));
        try
        {
            return (context, context.CreateCPUAccelerator(0, CPUAcceleratorMode.Parallel));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>The first GPU of a kind that can be opened; of OpenCL devices, the first that is a GPU.</summary>
    static Device? FirstGpu(DeviceKind kind, DeviceOptions options)
    {
        Gpus gpus = Gpus.Of(kind);
        if (gpus.Missing is not null) options.Logger?.Missing(kind, gpus.Missing);
        ILGPU.Runtime.Device? gpu = gpus.Devices
            .FirstOrDefault(d => d is not CLDevice { DeviceType: not CLDeviceType.CL_DEVICE_TYPE_GPU });
        try
        {
            return gpu is null ? null : OpenGpu(gpu, gpu.Name, options);
        }
        catch (NoDeviceException e)
        {
            options.Logger?.PassedOver(e.Message);
            return null; // nobody asked for this one
        }
    }

    static Device OpenGpu(ILGPU.Runtime.Device gpu, string name, DeviceOptions options)
    {
        (Context context, Accelerator accelerator, AcceleratorStream? stream) = Gpus.Open(gpu, name);
        return Gpu(context, accelerator, stream, options.Logger);
    }
}
