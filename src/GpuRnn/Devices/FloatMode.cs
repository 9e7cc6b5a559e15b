using GpuRnn.Kernels.Tiles.Cpu;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Devices;

/// <summary>
/// The threads of a CPU accelerator take denormal numbers for zero, for good: an accelerator keeps its threads. See
/// <see cref="Denormals"/>.
/// </summary>
sealed class FloatMode : IDisposable
{
    readonly CPUAccelerator accelerator;
    readonly AcceleratorStream stream;
    readonly MemoryBuffer1D<long, Stride1D.Dense> before;
    readonly KernelConfig allThreads;
    readonly bool putBack;

    /// <param name="accelerator">Whose threads.</param>
    /// <param name="stream">Where it is launched.</param>
    /// <param name="putBack">Are the threads somebody else's, and as they were once this is disposed?</param>
    public FloatMode(CPUAccelerator accelerator, AcceleratorStream stream, bool putBack)
    {
        (this.accelerator, this.stream, this.putBack) = (accelerator, stream, putBack);
        int threads = accelerator.MaxNumThreadsPerGroup;
        allThreads = new(1, threads);
        before = accelerator.Allocate1D<long>(threads);
        Launch(Denormals.FlushKernel);
    }

    void Launch(Action<ArrayView<long>> kernel)
    {
        accelerator.LoadKernel(kernel)(stream, allThreads, before.View);
        stream.Synchronize();
    }

    public void Dispose()
    {
        if (accelerator.IsDisposed) return; // its threads are gone
        if (putBack) Launch(Denormals.PutBackKernel);
        before.Dispose();
    }
}
