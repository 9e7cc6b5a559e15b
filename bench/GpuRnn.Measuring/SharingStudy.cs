using GpuRnn.Layers;

namespace GpuRnn.Measuring;

/// <summary>A way of sharing a pass, the time that the engine predicts for it, and what it takes.</summary>
/// <param name="Sharing">The way.</param>
/// <param name="Predicted">Seconds, at the peak of the moment.</param>
/// <param name="Measured">Seconds: the median over rounds of the median of a block.</param>
public sealed record StudiedSharing(WorkSharing Sharing, double Predicted, double Measured);

/// <summary>All ways of sharing a pass that the plan chose from, measured in turns.</summary>
public static class SharingStudy
{
    /// <summary>So many of them, best predictions first: with many cores there are more than anybody waits for.</summary>
    const int Most = 12;
    const double BlockSeconds = 0.06;

    /// <summary>The ways, the plan's choice first.</summary>
    public static IReadOnlyList<StudiedSharing> Of(
        Device device, MachinePeak peak, Cell cell, BenchShape shape, bool training, PassOptions options, int rounds,
        CancellationToken cancel)
    {
        List<BenchCase> cases = [];
        try
        {
            using (BenchCase chosen = new(device, cell, shape, training, options))
                foreach (SharingTime candidate in chosen.Candidates.Take(Most))
                    cases.Add(new(device, cell, shape, training, options with { Sharing = candidate.Sharing }));
            List<double>[] times = [.. cases.Select(_ => new List<double>())];
            foreach (BenchCase each in cases) Timing.Calls(device, each.Call, BlockSeconds / 2, 2);
            double vectors = 0;
            for (int round = 0; round < rounds; round++)
            {
                cancel.ThrowIfCancellationRequested();
                vectors = Math.Max(vectors, peak.Read() * 1e9 / device.Workers / (device.VectorBits / 16));
                for (int i = 0; i < cases.Count; i++)
                {
                    int turn = round % 2 == 0 ? i : cases.Count - 1 - i;
                    times[turn].Add(Timing.Median(Timing.Calls(device, cases[turn].Call, BlockSeconds, 3)));
                }
            }
            return [.. cases.Select((c, i) => new StudiedSharing(
                c.Candidates[0].Sharing, c.Candidates[0].Time / vectors, Timing.Median(times[i])))];
        }
        finally
        {
            cases.ForEach(c => c.Dispose());
        }
    }
}
