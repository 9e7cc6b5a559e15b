using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Comparing;

/// <summary>A shape and pass before and after: medians of the share of the peak over runs, and the best times.</summary>
sealed record ComparedPass(string Device, string Cell, string Pass, int T, int B, int I, int H,
    double OldShare, double NewShare, double OldSeconds, double NewSeconds)
{
    /// <summary>Above 1 the new one is better.</summary>
    public double ShareRatio => NewShare / OldShare;

    /// <summary>How many times as fast the best new run is as the best old one.</summary>
    public double SpeedRatio => OldSeconds / NewSeconds;

    /// <summary>Compares runs; each must have measured the same.</summary>
    public static List<ComparedPass> Of(IReadOnlyList<List<EngineResult>> old, IReadOnlyList<List<EngineResult>> now)
    {
        var keys = old[0].Select(Key).ToList();
        if (keys.Count == 0 || old.Concat(now).Any(run => !run.Select(Key).SequenceEqual(keys)))
            throw new GpuRnnException(
                "The files do not hold the same shapes and passes: all must come from the same options of gpurnn bench.");
        return [.. old[0].Select((r, row) => new ComparedPass(r.Device, r.Cell, r.Pass, r.T, r.B, r.I, r.H,
            MedianShare(old, row), MedianShare(now, row),
            old.Min(run => run[row].Seconds), now.Min(run => run[row].Seconds)))];
    }

    static object Key(EngineResult r) => (r.Device, r.Cell, r.Pass, r.Shape);

    static double MedianShare(IReadOnlyList<List<EngineResult>> runs, int row)
    {
        double[] shares = [.. runs.Select(run => run[row].Share).Order()];
        return (shares[(shares.Length - 1) / 2] + shares[shares.Length / 2]) / 2;
    }
}
