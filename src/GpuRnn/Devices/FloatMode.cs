using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Kernels.Workers;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Devices;

/// <summary>
/// The threads of a program's CPU accelerator take denormal numbers for zero as long as a device runs on it: an accelerator keeps its
/// threads. See <see cref="Denormals"/>.
/// </summary>
sealed class FloatMode : IDisposable
{
    static readonly ConditionalWeakTable<CPUAccelerator, FloatMode> s_all = [];

    readonly CPUAccelerator accelerator;
    readonly MemoryBuffer1D<long, Stride1D.Dense> before;
    int devices;

    FloatMode(CPUAccelerator accelerator)
    {
        this.accelerator = accelerator;
        before = accelerator.Allocate1D<long>(accelerator.MaxNumThreadsPerGroup);
        Launch(Denormals.FlushKernel);
    }

    /// <summary>The mode of an accelerator, which several devices may share: the first sets it, the last puts it back.</summary>
    public static FloatMode Of(CPUAccelerator accelerator)
    {
        lock (s_all)
        {
            FloatMode mode = s_all.GetValue(accelerator, a => new(a));
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
            Launch(Denormals.PutBackKernel);
            before.Dispose();
        }
    }
}
