using GpuRnn.Devices;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Memory;

/// <summary>
/// Views of device memory that the program gives and keeps: checked where they are used, for until then anything may become of them.
/// </summary>
static class GivenView
{
    /// <exception cref="BadArgumentException">The view is too short, or of another device.</exception>
    /// <exception cref="ObjectDisposedException">Its memory has been disposed.</exception>
    public static void Check<T>(Device device, ArrayView<T> view, long needed, string what) where T : unmanaged
    {
        if (view.Length < needed) throw new BadArgumentException($"{what} has {view.Length} elements; the batch needs {needed}.");
        if (BufferOf(view) is not { } buffer) return;
        if (buffer.IsDisposed) throw new ObjectDisposedException(
            what, $"The memory of {what} has been disposed: a view must live as long as it is read.");
        if (buffer.Accelerator != device.Accelerator)
            throw new BadArgumentException($"{what} is memory of another device than {device.Name}.");
    }

    static MemoryBuffer? BufferOf<TView>(TView view) where TView : IArrayView => view.Buffer;
}
