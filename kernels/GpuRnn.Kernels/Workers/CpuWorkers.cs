using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Workers;

/// <summary>
/// The OS threads that share a launch on a CPU: those of a resident team, which are told their numbers here, or of a group of ILGPU's CPU
/// accelerator, which has numbers of its own.
/// </summary>
static class CpuWorkers
{
    [ThreadStatic] static int t_index, t_count;

    /// <summary>Which of the launch's workers this thread is.</summary>
    [IntrinsicImplementation]
    public static int Index() => t_count > 0 ? t_index : Group.IdxX;

    /// <summary>How many workers share the launch.</summary>
    [IntrinsicImplementation]
    public static int Count() => t_count > 0 ? t_count : Group.DimX;

    /// <summary>This thread is a worker of a team, until it is told otherwise; 0 workers: of none.</summary>
    public static void Become(int index, int count) => (t_index, t_count) = (index, count);

    /// <summary>Numbers of a barrier: two lines' worth, and a line that keeps the next one away.</summary>
    public const int BarrierLength = 48;

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
}
