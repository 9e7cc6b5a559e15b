using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Workers;

/// <summary>The OS threads of the CPU accelerator as a team.</summary>
static class CpuWorkers
{
    /// <summary>
    /// A kernel that ties each worker's thread to a core, for good: the accelerator keeps its threads. The scheduler wakes the workers of
    /// a launch on one core and takes its time to part them: half the speed meanwhile, and far less where they meet each step.
    /// </summary>
    /// <param name="cores">The core of each worker.</param>
    public static void PinKernel(ArrayView<int> cores) => PinThread(cores);

    /// <summary>What <see cref="PinKernel"/> does on a thread. A system that refuses or has no such call costs speed only.</summary>
    /// <param name="cores">The core of each worker.</param>
    [IntrinsicImplementation]
    public static unsafe void PinThread(ArrayView<int> cores)
    {
        int core = cores[Group.IdxX];
        if (!OperatingSystem.IsLinux() || core >= 1024) return;
        ulong* mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        mask[core / 64] = 1UL << core % 64;
        _ = sched_setaffinity(0, 128, mask);
    }

    /// <summary>A barrier that resets itself: the last one to arrive opens it.</summary>
    internal static unsafe void Meet(int* barrier, int workers)
    {
        ref int arrived = ref barrier[0], opened = ref barrier[16]; // lines of their own
        if (workers == 1) return;
        int before = Volatile.Read(ref opened);
        if (Interlocked.Increment(ref arrived) == workers)
        {
            Volatile.Write(ref arrived, 0);
            Volatile.Write(ref opened, before + 1);
            return;
        }
        for (int spins = 0; Volatile.Read(ref opened) == before; spins++)
            if (spins > 20000) Thread.Yield();
    }

    [DllImport("libc")]
    static extern unsafe int sched_setaffinity(int thread, nint bytes, ulong* mask);
}
