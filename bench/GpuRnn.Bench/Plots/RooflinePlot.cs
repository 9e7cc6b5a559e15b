using System.Globalization;
using GpuRnn.Bench.Results;
using ScottPlot;
using ScottPlot.TickGenerators;
using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Plots;

/// <summary>All rows of all libraries below what the machine allows: operations a byte against GFLOP/s, both on logarithmic axes.</summary>
static class RooflinePlot
{
    public static Plot Of(ResultsFolder folder)
    {
        Run<PeerResult> run = folder.Peers;
        if (run.Results.Count == 0) throw new GpuRnnException($"{folder.Path}/peers.json holds no rows.");
        Plot plot = PlotFile.New("Roofline: all rows of the comparison", run);
        double[] intensities = [.. run.Results.Select(Intensity)];
        LibraryResult[] all = [.. run.Results.SelectMany(r => r.Libraries)];
        double[] peaks = [.. all.Select(l => l.PeakGflops).Order()];
        double peak = peaks[peaks.Length / 2], ridge = peak / run.BandwidthGbs;
        (double left, double right) = (Math.Min(intensities.Min(), ridge) / 2, intensities.Max() * 2);
        Line(plot, [left, ridge, right], [left * run.BandwidthGbs, peak, peak]);
        Say(plot, $"FMA peak, {peak:F0} GFLOP/s", right, peak, Alignment.LowerRight);
        Say(plot, $"memory, {run.BandwidthGbs:F0} GB/s", Math.Sqrt(left * ridge), Math.Sqrt(left * ridge) * run.BandwidthGbs, Alignment.UpperLeft);
        foreach (Library library in Library.All.Reverse()) // gpurnn is drawn last, above the others
            foreach (bool training in new[] { true, false })
                Points(plot, library, training, run.Results);
        (double bottom, double top) = (all.Min(l => l.Gflops) / 1.5, peak * 1.8);
        plot.Axes.SetLimits(Math.Log10(left), Math.Log10(right), Math.Log10(bottom), Math.Log10(top));
        plot.Axes.Bottom.TickGenerator = Ticks(left, right);
        plot.Axes.Left.TickGenerator = Ticks(bottom, top);
        plot.XLabel("FLOP a byte that a call must move at least", 12);
        plot.YLabel("GFLOP/s", 12);
        (plot.Axes.Left.Label.Bold, plot.Axes.Bottom.Label.Bold) = (false, false);
        plot.ShowLegend(Edge.Right);
        return plot;
    }

    static double Intensity(PeerResult r) => r.Flop / Traffic.Bytes(r);

    static void Line(Plot plot, double[] x, double[] y)
    {
        var roof = plot.Add.ScatterLine(x.Select(Math.Log10).ToArray(), y.Select(Math.Log10).ToArray(), Color.FromHex("#444444"));
        roof.LineWidth = 2;
    }

    static void Say(Plot plot, string text, double x, double y, Alignment alignment)
    {
        var label = plot.Add.Text(text, Math.Log10(x), Math.Log10(y));
        (label.LabelFontSize, label.LabelFontColor, label.LabelAlignment) = (12, Color.FromHex("#444444"), alignment);
        label.OffsetX = alignment == Alignment.LowerRight ? -8 : 8;
    }

    static void Points(Plot plot, Library library, bool training, IEnumerable<PeerResult> results)
    {
        PeerResult[] rows = [.. results.Where(r => r.Training == training && r.Of(library) is not null)];
        if (rows.Length == 0) return;
        Color color = Color.FromHex(library.Color);
        var points = plot.Add.ScatterPoints(rows.Select(r => Math.Log10(Intensity(r))).ToArray(),
            rows.Select(r => Math.Log10(r.Of(library)!.Gflops)).ToArray(), color.WithAlpha(.8));
        // two signs, so that nothing hangs on colour alone
        points.MarkerShape = training ? MarkerShape.OpenTriangleUp : MarkerShape.FilledCircle;
        (points.MarkerSize, points.MarkerLineColor, points.MarkerLineWidth) = (training ? 9 : 8, color, 1.8f);
        plot.Legend.ManualItems.Insert(0, new() // what is drawn last is named first
        {
            LabelText = $"{library.Name}, {(training ? "training" : "forward")}",
            MarkerStyle = points.MarkerStyle,
        });
    }

    /// <summary>1, 2 and 5 of each power of ten with their numbers, the rest without.</summary>
    static NumericManual Ticks(double from, double to)
    {
        NumericManual ticks = new();
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(from))); power <= to; power *= 10)
            for (int digit = 1; digit <= 9; digit++)
            {
                double at = digit * power;
                if (digit is 1 or 2 or 5) ticks.AddMajor(Math.Log10(at), at.ToString("0.###", CultureInfo.InvariantCulture));
                else ticks.AddMinor(Math.Log10(at));
            }
        return ticks;
    }
}
