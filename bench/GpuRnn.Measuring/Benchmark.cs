using GpuRnn.Measuring.Results;

namespace GpuRnn.Measuring;

/// <summary>
/// Measures in rounds: the peak, a block of calls, the peak again. The machine's speed changes by the second, so a share is taken within
/// a round and never over the run.
/// </summary>
public static class Benchmark
{
    const double BlockSeconds = 0.1, SlowSeconds = 2;

    public static EngineResult Run(
        Device device, string deviceId, MachinePeak peak, BenchCase subject, string cell, BenchShape shape, bool training,
        CancellationToken cancel)
    {
        List<Round> all = [Measure(0, 1)]; // warms up; a slow device has no time for another
        double once = all[0].Seconds;
        if (once < SlowSeconds)
        {
            (int rounds, double block, int calls) = once > 0.5 ? (3, 0, 1) : once > 0.1 ? (5, 0, 2) : (5, BlockSeconds, 5);
            all.Clear();
            while (all.Count < rounds) all.Add(Measure(block, calls));
        }
        all.Sort((a, b) => a.Share.CompareTo(b.Share));
        Round median = all[all.Count / 2];
        return new(cell, training ? "training" : "forward", shape.T, shape.B, shape.I, shape.H, deviceId, median.Seconds,
            median.Gflops, median.Peak, median.Share, all[0].Share, all[^1].Share, $"{subject.Strategy}",
            Tuned: device.VectorBits > 0 ? device.IsTuned : null);

        Round Measure(double seconds, int calls)
        {
            cancel.ThrowIfCancellationRequested();
            double before = peak.Read();
            double call = Timing.Median(Timing.Calls(device, subject.Call, seconds, calls));
            return new(call, subject.Flops / call / 1e9, (before + peak.Read()) / 2);
        }
    }

    readonly record struct Round(double Seconds, double Gflops, double Peak)
    {
        public double Share => Gflops / Peak;
    }
}
