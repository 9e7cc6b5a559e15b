using System.Diagnostics;
using System.Runtime.InteropServices;
using GpuRnn.Kernels.Workers;

namespace GpuRnn.Backends.Cpu.Speeds;

/// <summary>Measures what a system does not tell, on all workers at the same time: some seconds.</summary>
/// <param name="team">The workers.</param>
/// <param name="workers">How many.</param>
/// <param name="probe">Their products.</param>
sealed class Tuning(Team team, int workers, ProductProbe probe)
{
    const double Patience = 0.05;

    /// <summary>All of it.</summary>
    /// <param name="told">What the machine tells: sizes, and what is kept where there is one worker.</param>
    /// <param name="progress">A share from 0 to 1.</param>
    /// <param name="cancel">Between two measurements.</param>
    public CpuSpeeds Run(CpuSpeeds told, IProgress<double>? progress, CancellationToken cancel)
    {
        int done = 0;
        double RowSeconds(int rows) => probe.FirstLevelSeconds(team, workers, rows, Patience) * probe.VectorBytes / rows;
        double fma = Next(() => RowSeconds(probe.MostRows));
        double Bandwidth(long bytes) => Next(() => fma / probe.Seconds(team, workers, bytes, 1, Patience));
        CpuSpeeds speeds = told with
        {
            RowCosts = Next<IReadOnlyList<double>>(() =>
                [.. told.RowCosts.Select((_, i) => Math.Max(1, RowSeconds(Math.Min(i + 1, probe.MostRows)) / fma))]),
            SecondBandwidth = Bandwidth(told.SecondLevel / 2),
            LastBandwidth = Bandwidth(Math.Min(4 * told.SecondLevel, told.LastLevel / (2 * workers))),
            MemoryBandwidth = Bandwidth(Math.Max(4 * told.LastLevel / workers, 16 << 20)),
            AreTuned = true,
        };
        if (workers == 1) return speeds;
        return speeds with
        {
            Meeting = Next(() => Meeting.Seconds(team, workers)) / Math.Log2(workers) / fma,
            Call = Next(Call) / fma,
        };

        T Next<T>(Func<T> measure)
        {
            cancel.ThrowIfCancellationRequested();
            T value = measure();
            progress?.Report(++done / (workers == 1 ? 5.0 : 7.0));
            return value;
        }
    }

    sealed class Nothing : ITeamWork
    {
        public void Run() { }
    }

    /// <summary>
    /// Seconds of a launch on all workers: the geometric mean of one right behind another and of one that wakes them, for a program does
    /// either.
    /// </summary>
    double Call()
    {
        Nothing nothing = new();
        double Once()
        {
            long began = Stopwatch.GetTimestamp();
            using (team.Enter()) team.Run(nothing, workers);
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        List<double> warm = [], cold = [];
        for (int i = 0; i < 1_000; i++) warm.Add(Once());
        for (int i = 0; i < 50; i++)
        {
            Thread.Sleep(2);
            cold.Add(Once());
        }
        return Math.Sqrt(Median(warm) * Median(cold));
    }

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Barriers, one behind the other.</summary>
    sealed unsafe class Meeting(int* barrier) : ITeamWork
    {
        const int Times = 20_000;

        public void Run()
        {
            int count = CpuWorkers.Count();
            for (int i = 0; i < Times; i++) CpuWorkers.Meet(barrier, count);
        }

        public static double Seconds(Team team, int workers)
        {
            int* barrier = (int*)NativeMemory.AlignedAlloc(256, 64);
            NativeMemory.Clear(barrier, 256);
            Meeting work = new(barrier);
            double best = double.PositiveInfinity;
            for (int i = 0; i < 5; i++)
            {
                long began = Stopwatch.GetTimestamp();
                using (team.Enter()) team.Run(work, workers);
                best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds / Times);
            }
            NativeMemory.AlignedFree(barrier);
            return best;
        }
    }
}
