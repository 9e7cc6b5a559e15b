using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Memory;

/// <summary>What is in memory at first.</summary>
enum Contents
{
    /// <summary>Zeros, and whoever reads it may count on them.</summary>
    Zeros,
    /// <summary>Nothing that anybody may read before it is written.</summary>
    Nothing,
}

/// <summary>
/// Memory of a device that its maker owns. Aligned to a cache line, which the CPU accelerator's own memory is not.
/// </summary>
/// <typeparam name="T">Its elements.</typeparam>
sealed class DeviceArray<T> : IDisposable where T : unmanaged
{
    const int Alignment = 64;

    readonly Device device;
    readonly MemoryBuffer1D<T, Stride1D.Dense> buffer;

    /// <summary>How many arrays were ever made: tests hold steady-state steps to none.</summary>
    public static long Made;

    public unsafe DeviceArray(Device device, long length, Contents contents = Contents.Zeros)
    {
        this.device = device;
        int spare = Alignment / sizeof(T);
        Interlocked.Increment(ref Made);
        try
        {
            buffer = device.Accelerator.Allocate1D<T>(Math.Max(length, 1) + spare);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            throw new DeviceMemoryException(
                $"{device.Name} has no {(decimal)length * sizeof(T):N0} bytes left. "
                + $"Take a smaller batch, fewer steps or a smaller model.", e);
        }
        if (contents == Contents.Zeros) device.Clear(buffer.View.AsContiguous());
        else device.Backend.Fill(device, buffer.View.AsContiguous());
        long skip = device.Kind == DeviceKind.Cpu ? (Alignment - (buffer.NativePtr & Alignment - 1)) % Alignment / sizeof(T) : 0;
        View = buffer.View.AsContiguous().SubView(skip, length);
    }

    public ArrayView<T> View { get; }

    public long Length => View.Length;

    /// <summary>As kernels get it.</summary>
    public Buffer<T> Buffer => device.Buffer(View);

    public void Dispose() => buffer.Dispose();
}

/// <summary>
/// Copies between a device and the program. On the CPU accelerator memory is copied as it stands, once the stream is done.
/// </summary>
static class DeviceCopy
{
    public static void Upload<T>(this Device device, ReadOnlySpan<T> from, ArrayView<T> to) where T : unmanaged
    {
        if (from.Length == 0) return;
        Telemetry.Uploaded((long)from.Length * Unsafe.SizeOf<T>());
        if (device.Kind == DeviceKind.Cpu)
        {
            device.Wait();
            from.CopyTo(Span(to));
            return;
        }
        to.SubView(0, from.Length).CopyFromCPU(device.Stream, from);
        device.Wait();
    }

    public static void Download<T>(this Device device, ArrayView<T> from, Span<T> to) where T : unmanaged
    {
        if (to.Length == 0) return;
        Telemetry.Downloaded((long)to.Length * Unsafe.SizeOf<T>());
        if (device.Kind == DeviceKind.Cpu)
        {
            device.Wait();
            Span(from)[..to.Length].CopyTo(to);
            return;
        }
        from.SubView(0, to.Length).CopyToCPU(device.Stream, to);
        device.Wait();
    }

    /// <summary>Fills a view with zeros.</summary>
    /// <remarks>ILGPU's own way ends the process on the CPU accelerator beyond 4 GB, for it counts bytes in 32 bits.</remarks>
    public static unsafe void Clear<T>(this Device device, ArrayView<T> view) where T : unmanaged
    {
        if (view.Length == 0) return;
        if (device.Kind != DeviceKind.Cpu)
        {
            view.MemSetToZero(device.Stream);
            return;
        }
        device.Wait();
        NativeMemory.Clear(Unsafe.AsPointer(ref view[0]), checked((nuint)view.LengthInBytes));
    }

    /// <summary>A view as kernels get it.</summary>
    public static unsafe Buffer<T> Buffer<T>(this Device device, ArrayView<T> view) where T : unmanaged =>
        new(view, device.Kind == DeviceKind.Cpu && view.Length > 0 ? (long)Unsafe.AsPointer(ref view[0]) : 0);

    static unsafe Span<T> Span<T>(ArrayView<T> view) where T : unmanaged =>
        new(Unsafe.AsPointer(ref view[0]), checked((int)view.Length));
}
