using System.Collections.Concurrent;

namespace GpuRnn.Backends.Cpu.Speeds;

/// <summary>
/// The one speed that machines differ in by a factor of ten and that no system tells: that of the last-level cache. It is read once in a
/// process, in two or three milliseconds, when a layer is first planned whose weights do not fit the second level.
/// </summary>
static class QuickProbe
{
    static readonly ConcurrentDictionary<(Type Lane, int Workers), CpuSpeeds> s_measured = [];

    /// <summary>The machine's speeds, the last-level cache's among them.</summary>
    /// <param name="usual">What is known without.</param>
    /// <param name="lane">The device's vectors of floats.</param>
    /// <param name="workers">Its workers.</param>
    /// <param name="team">Its team; null where it has none of its own.</param>
    public static CpuSpeeds With(CpuSpeeds usual, Type lane, int workers, Team? team) =>
        s_measured.GetOrAdd((lane, workers), _ =>
        {
            if (team is not null) return Measure(usual, ProductProbe.Of(lane), workers, team);
            using Team own = new(workers, null);
            return Measure(usual, ProductProbe.Of(lane), workers, own);
        });

    static CpuSpeeds Measure(CpuSpeeds usual, ProductProbe probe, int workers, Team team)
    {
        const double Patience = 1e-4;
        double fma = probe.Seconds(team, workers, 0, probe.MostRows, Patience) / probe.MostRows;
        long bytes = Math.Min(4 * usual.SecondLevel, usual.LastLevel / (2 * workers));
        double last = probe.Seconds(team, workers, bytes, 1, Patience);
        double bandwidth = Math.Clamp(fma * probe.VectorBytes / last, 1, usual.SecondBandwidth);
        return usual with { LastBandwidth = bandwidth, MemoryBandwidth = Math.Min(usual.MemoryBandwidth, bandwidth) };
    }
}
