using System.Text.Json.Serialization;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Measuring;

/// <summary>
/// A measurement: the round whose share of the peak is the median, and the range of shares over all rounds; with `--errors` also how
/// right it is (<see cref="Exactness"/>).
/// </summary>
sealed record BenchResult(
    [property: JsonPropertyName("cell")] string Cell,
    [property: JsonPropertyName("pass")] string Pass,
    [property: JsonPropertyName("t")] int T,
    [property: JsonPropertyName("b")] int B,
    [property: JsonPropertyName("i")] int I,
    [property: JsonPropertyName("h")] int H,
    [property: JsonPropertyName("device")] string Device,
    [property: JsonPropertyName("seconds")] double Seconds,
    [property: JsonPropertyName("gflops")] double Gflops,
    [property: JsonPropertyName("peak_gflops")] double PeakGflops,
    [property: JsonPropertyName("share")] double Share,
    [property: JsonPropertyName("share_min")] double ShareMin,
    [property: JsonPropertyName("share_max")] double ShareMax,
    [property: JsonPropertyName("strategy")] Strategy Strategy,
    [property: JsonPropertyName("output_error"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? OutputError = null,
    [property: JsonPropertyName("gradient_error"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? GradientError = null,
    [property: JsonPropertyName("runs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Runs = null,
    [property: JsonPropertyName("same_bits"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? SameBits = null);

/// <summary>
/// Measures in rounds: the peak, a block of calls, the peak again. The machine's speed changes by the second, so a share is taken within
/// a round and never over the run.
/// </summary>
static class Benchmark
{
    const double BlockSeconds = 0.1, SlowSeconds = 2;

    public static BenchResult Run(
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
            median.Gflops, median.Peak, median.Share, all[0].Share, all[^1].Share, subject.Strategy);

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
