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

/// <summary>
/// A device that networks run on: an ILGPU accelerator, the stream that all work goes to, and how many workers share a pass. Whoever
/// opens it disposes it, after everything that was made on it.
/// </summary>
/// <remarks>A device may be used by several threads, but not at the same time; two devices may.</remarks>
public sealed class Device : IDisposable
{
    readonly Context? context;
    readonly bool owned;
    // a CPU's team, or how the threads of a program's accelerator compute
    readonly IDisposable? threads;
    // models inside a call; -1 once the device is disposed
    int inside;

    Device(
        Context? context, Accelerator accelerator, AcceleratorStream? stream, DeviceKind kind, int workers, ILogger? logger,
        Func<Device, Backend> backend, int vectorBits = 0, IDisposable? threads = null)
    {
        (this.context, this.threads) = (context, threads);
        Logger = logger ?? NullLogger.Instance;
        owned = context is not null;
        Accelerator = accelerator;
        Stream = stream ?? accelerator.DefaultStream;
        Kind = kind;
        Workers = workers;
        VectorBits = vectorBits;
        Backend = backend(this);
    }

    /// <summary>The ILGPU accelerator.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The stream that all work of this device goes to.</summary>
    public AcceleratorStream Stream { get; }

    /// <summary>What it is.</summary>
    public DeviceKind Kind { get; }

    /// <summary>The kernels that it runs.</summary>
    internal Backend Backend { get; }

    internal ILogger Logger { get; }

    /// <summary>Threads that share a pass on the CPU; multiprocessors elsewhere.</summary>
    public int Workers { get; }

    /// <summary>Bits of a vector on the CPU; 0 elsewhere.</summary>
    public int VectorBits { get; }

    /// <summary>Its name, as the driver gives it; for the CPU, workers and vectors.</summary>
    public string Name => Kind == DeviceKind.Cpu ? $"CPU, {Workers} worker{(Workers == 1 ? "" : "s")}, {VectorBits}-bit vectors"
        : Accelerator.Name;

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

    /// <summary>Do plans of this CPU go by what <see cref="Tune"/> measured, and not only by what the machine tells?</summary>
    public bool IsTuned => Backend.IsTuned;

    /// <summary>
    /// Measures what the machine does not tell, in some seconds in which nothing else should run, and keeps it in the user's cache folder:
    /// devices that are opened afterwards, with as many workers and vectors as wide, go by it.
    /// </summary>
    /// <param name="progress">A share from 0 to 1.</param>
    /// <param name="cancel">Leaves what was kept before.</param>
    /// <returns>
    /// Sizes of caches in bytes; the time of an FMA in a register tile of 1 to 6 rows, of a barrier and of a launch, in FMAs on a vector;
    /// bytes from each cache and from memory in the time of one.
    /// </returns>
    /// <exception cref="BadArgumentException">The device is a GPU, or on an accelerator of the program's.</exception>
    /// <exception cref="BadFileException">The file cannot be written.</exception>
    public IReadOnlyList<KeyValuePair<string, double>> Tune(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ThrowIfDisposed();
        if (!TryEnter()) ThrowIfDisposed();
        try
        {
            return Backend.Tune(progress, cancel);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Where <see cref="Tune"/> keeps what it measures; null on a GPU.</summary>
    public string? TuningFile => Backend.TuningFile;

    /// <summary>Waits until everything that was asked of the device is done.</summary>
    public void Synchronize()
    {
        ThrowIfDisposed();
        if (!TryEnter()) ThrowIfDisposed();
        try
        {
            Wait();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The same inside a call.</summary>
    internal void Wait()
    {
        long began = Telemetry.WaitBegins();
        Stream.Synchronize();
        Telemetry.WaitEnds(began);
    }

    /// <exception cref="ObjectDisposedException">The device is disposed, or the accelerator that it was given.</exception>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref inside) < 0 || Accelerator.IsDisposed, this);

    /// <summary>Until <see cref="Leave"/> the device is not disposed; false if it is already.</summary>
    internal bool TryEnter()
    {
        for (int now = Volatile.Read(ref inside); now >= 0;)
        {
            int seen = Interlocked.CompareExchange(ref inside, now + 1, now);
            if (seen == now) return true;
            now = seen;
        }
        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref inside);

    /// <summary>
    /// Disposes the accelerator if <see cref="Open"/> made it. What was made on the device is of no more use, but may still be
    /// disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">A model of this device is inside a call; nothing was disposed.</exception>
    public void Dispose()
    {
        int models = Interlocked.CompareExchange(ref inside, -1, 0);
        if (models > 0) throw new InvalidOperationException(
            "A model of this device is inside a call: dispose the device when no thread uses it.");
        if (models < 0) return;
        try
        {
            threads?.Dispose();
        }
        finally
        {
            if (owned) Accelerator.Dispose();
            context?.Dispose();
        }
    }
}
