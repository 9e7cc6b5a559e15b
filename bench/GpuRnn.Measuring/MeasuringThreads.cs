using System.Runtime.InteropServices;

namespace GpuRnn.Measuring;

/// <summary>
/// Where the threads of a CPU accelerator run while they measure: those of ILGPU's are tied to no core, and two on one core read half a
/// machine.
/// </summary>
static class MeasuringThreads
{
    [ThreadStatic] static bool t_tied;

    /// <summary>
    /// Ties this thread, worker `index` of `count`, to the core of that number among the allowed ones, if there are so many.
    /// </summary>
    public static unsafe void Tie(int index, int count)
    {
        if (t_tied || !OperatingSystem.IsLinux()) return;
        t_tied = true;
        const int Words = 16;
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        if (sched_getaffinity(0, Words * sizeof(ulong), mask) < 0) return;
        int[] cores = [.. Allowed(new(mask, Words))];
        if (cores.Length != count) return;
        new Span<ulong>(mask, Words).Clear();
        mask[cores[index] / 64] = 1UL << cores[index] % 64;
        _ = sched_setaffinity(0, Words * sizeof(ulong), mask);
    }

    static List<int> Allowed(ReadOnlySpan<ulong> mask)
    {
        List<int> cores = [];
        for (int core = 0; core < mask.Length * 64; core++)
            if ((mask[core / 64] >> core % 64 & 1) != 0) cores.Add(core);
        return cores;
    }

    [DllImport("libc")]
    static extern unsafe int sched_getaffinity(int thread, nint bytes, ulong* mask);

    [DllImport("libc")]
    static extern unsafe int sched_setaffinity(int thread, nint bytes, ulong* mask);
}
