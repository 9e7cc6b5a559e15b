using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Reports;

namespace GpuRnn.Bench.Plots;

/// <summary>One LSTM layer: each library's share of the FMA peak, with the range over rounds; forward, and beside it training.</summary>
static class PeersPlot
{
    const double Room = 16; // for numbers above the bars, and headings above them, %

    public static Chart Of(ResultsFolder folder)
    {
        var passes = folder.Suite("lstm").GroupBy(r => r.Pass).ToList();
        PeerResult[] rows = [.. passes.SelectMany(pass => pass)];
        double top = Math.Ceiling(Math.Max(10, rows.SelectMany(r => r.Libraries).Max(l => l.ShareMax) * 10)) * 10 + Room;
        return new BarChart("One LSTM layer: share of the machine's FMA peak", "% of the FMA peak; thin lines: least and most over rounds",
            [.. rows.Select(r => $"{r.T}, {r.B}\n{r.I}, {r.H}")], [.. Library.In(rows).Select(library => SeriesOf(library, rows))])
        {
            Subtitle = folder.Peers.Title,
            CategoryLabel = "steps, sequences; below: input size, hidden units",
            Groups =
                [.. passes.Select(pass =>
                new CategoryGroup(pass.Key == "forward" ? "forward" : "training: forward and backward", pass.Count()))],
            References = [new("the peak", 100)],
            ValueLimits = new(0, top),
            ValueFormat = "0",
        };
    }

    static BarSeries SeriesOf(Library library, PeerResult[] rows)
    {
        double[] Each(Func<LibraryResult, double> share) =>
            [.. rows.Select(r => r.Of(library) is { } result ? share(result) * 100 : double.NaN)];
        return new(library.Name, Each(l => l.Share)) { Band = new(Each(l => l.ShareMin), Each(l => l.ShareMax)), Hue = library.Hue };
    }
}
