using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;
using GpuRnn.Reports;

namespace GpuRnn.Bench.Plots;

/// <summary>All rows of all libraries below what the machine allows: operations a byte against GFLOP/s, both on logarithmic axes.</summary>
static class RooflinePlot
{
    const int RoofHue = 6; // a grey

    public static Chart Of(ResultsFolder folder)
    {
        Run<PeerResult> run = folder.Peers;
        if (run.Results.Count == 0) throw new GpuRnnException($"{folder.Path}/peers.json holds no rows.");
        double[] intensities = [.. run.Results.Select(Intensity)];
        LibraryResult[] all = [.. run.Results.SelectMany(r => r.Libraries)];
        double[] peaks = [.. all.Select(l => l.PeakGflops).Order()];
        double peak = peaks[peaks.Length / 2], ridge = peak / run.BandwidthGbs;
        (double left, double right) = (Math.Min(intensities.Min(), ridge) / 2, intensities.Max() * 2);
        Series roof = new($"the machine: memory {Figure.Of(run.BandwidthGbs)} GB/s, FMA peak {Figure.Of(peak)} GFLOP/s",
            [left, ridge, right], [left * run.BandwidthGbs, peak, peak])
        { Style = SeriesStyle.Plain, Hue = RoofHue };
        var points = from library in Library.All from training in new[] { false, true } select Points(library, training, run.Results);
        return new LineChart("Roofline: all rows of the comparison", "FLOP a byte that a call must move at least", "GFLOP/s",
            [.. points.OfType<Series>(), roof])
        {
            Subtitle = run.Title,
            LogX = true, LogY = true,
            XLimits = new(left, right), YLimits = new(all.Min(l => l.Gflops) / 1.5, peak * 1.8),
            FirstOnTop = true,
        };
    }

    static double Intensity(PeerResult r) => r.Flop / Traffic.Bytes(r);

    /// <summary>Two signs, so that nothing hangs on colour alone; null where there are none.</summary>
    static Series? Points(Library library, bool training, IEnumerable<PeerResult> results)
    {
        PeerResult[] rows = [.. results.Where(r => r.Training == training && r.Of(library) is not null)];
        return rows.Length == 0 ? null
            : new($"{library.Name}, {(training ? "training" : "forward")}", [.. rows.Select(Intensity)],
                [.. rows.Select(r => r.Of(library)!.Gflops)])
            { Style = training ? SeriesStyle.Triangles : SeriesStyle.Points, Hue = library.Hue };
    }
}
