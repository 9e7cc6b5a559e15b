using GpuRnn.Backends;
using ILGPU;
using ILGPU.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuRnn.Devices;

/// <summary>
/// A device that networks run on: an ILGPU accelerator, the stream that all work goes to, and how many workers share a pass. Whoever
/// opens it disposes it, after everything that was made on it.
/// </summary>
/// <remarks>A device may be used by several threads, but not at the same time; two devices may.</remarks>
public sealed partial class Device : IDisposable
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

    /// <summary>
    /// What this device does not do as it should, a line each; empty where all is well. Fast kernels of a GPU are compared with the
    /// portable ones when they are first used: one that is not right is named here, and is not used.
    /// </summary>
    public IReadOnlyList<string> Diagnostics => Backend.Trust?.Lines ?? [];

    /// <summary>Waits until everything that was asked of the device is done.</summary>
    /// <exception cref="DeviceFaultException">A kernel gave up waiting for another part of itself.</exception>
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
        if (Backend.Fault?.Take() is not { } fault) return;
        Backend.Trust?.Lose(fault);
        throw new DeviceFaultException(
            $"A kernel of {Name} gave up: {fault}. What was computed since the device was last waited for is wrong: compute it again. "
            + "Layers run without clusters from now on.");
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
            if (!Accelerator.IsDisposed) Backend.Dispose();
            threads?.Dispose();
        }
        finally
        {
            if (owned) Accelerator.Dispose();
            context?.Dispose();
        }
    }
}
