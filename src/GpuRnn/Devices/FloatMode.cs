using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Kernels.Workers;
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
    static readonly ConditionalWeakTable<CPUAccelerator, FloatMode> s_all = [];

    readonly CPUAccelerator accelerator;
    readonly MemoryBuffer1D<long, Stride1D.Dense> before;
    readonly bool putBack;
    int devices;

    FloatMode(CPUAccelerator accelerator, bool putBack)
    {
        (this.accelerator, this.putBack) = (accelerator, putBack);
        before = accelerator.Allocate1D<long>(accelerator.MaxNumThreadsPerGroup);
        Launch(Denormals.FlushKernel);
    }

    /// <summary>The mode of an accelerator, which several devices may share: the first sets it.</summary>
    /// <param name="accelerator">Whose threads.</param>
    /// <param name="putBack">Are the threads somebody else's, and as they were once the last device is disposed?</param>
    public static FloatMode Of(CPUAccelerator accelerator, bool putBack)
    {
        lock (s_all)
        {
            FloatMode mode = s_all.GetValue(accelerator, a => new(a, putBack));
            mode.devices++;
            return mode;
        }
    }

    void Launch(Action<ArrayView<long>> kernel)
    {
        accelerator.LoadKernel(kernel)(accelerator.DefaultStream, new(1, (int)before.Length), before.View);
        accelerator.DefaultStream.Synchronize();
    }

    public void Dispose()
    {
        lock (s_all)
        {
            if (--devices > 0) return;
            s_all.Remove(accelerator);
            if (accelerator.IsDisposed) return; // its threads are gone
            if (putBack) Launch(Denormals.PutBackKernel);
            before.Dispose();
        }
    }
}
