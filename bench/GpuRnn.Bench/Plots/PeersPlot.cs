using GpuRnn.Bench.Results;
using ScottPlot;
using ScottPlot.TickGenerators;
using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Plots;

/// <summary>One LSTM layer: each library's share of the FMA peak, with the range over rounds; forward, and beside it training.</summary>
static class PeersPlot
{
    const double BarWidth = 0.26, Between = 0.8;

    public static Plot Of(ResultsFolder folder)
    {
        PeerResult[] rows = folder.Suite("lstm");
        Library[] libraries = Library.In(rows);
        Plot plot = PlotFile.New("One LSTM layer: share of the machine's FMA peak", folder.Peers);
        plot.Add.HorizontalLine(100, 1.5f, Color.FromHex("#666666"), LinePattern.Dashed);
        NumericManual ticks = new();
        double x = 0, top = Math.Ceiling(Math.Max(10, rows.SelectMany(r => r.Libraries).Max(l => l.ShareMax) * 10)) * 10 + 14;
        foreach (var pass in rows.GroupBy(r => r.Pass))
        {
            double first = x;
            foreach (PeerResult row in pass)
            {
                AddRow(plot, row, [.. libraries.Where(l => row.Of(l) is not null)], x);
                ticks.AddMajor(x, $"{row.T}, {row.B}\n{row.I}, {row.H}");
                x++;
            }
            Heading(plot, pass.Key == "forward" ? "forward" : "training: forward and backward", (first + x - 1) / 2, top - 1);
            x += Between;
        }
        (double left, double right) = (-0.6, x - Between - 0.4);
        plot.Axes.Bottom.TickGenerator = ticks;
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(left, right, 0, top);
        plot.Axes.Left.TickGenerator = new NumericFixedInterval(20);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.XLabel("steps, sequences; below: input size, hidden units. Thin lines: least and most over rounds.", 12);
        plot.YLabel("% of the FMA peak", 12);
        (plot.Axes.Left.Label.Bold, plot.Axes.Bottom.Label.Bold) = (false, false);
        foreach (Library l in libraries) plot.Legend.ManualItems.Add(new() { LabelText = l.Name, FillColor = Color.FromHex(l.Color) });
        plot.ShowLegend(Edge.Bottom).Padding = new(6);
        plot.Legend.Orientation = Orientation.Horizontal;
        return plot;
    }

    static void AddRow(Plot plot, PeerResult row, Library[] libraries, double x)
    {
        for (int i = 0; i < libraries.Length; i++)
        {
            LibraryResult l = row.Of(libraries[i])!;
            double at = x + (i - (libraries.Length - 1) / 2.0) * BarWidth;
            var bar = plot.Add.Bar(at, l.Share * 100);
            bar.Bars[0].FillColor = Color.FromHex(libraries[i].Color);
            (bar.Bars[0].Size, bar.Bars[0].LineWidth) = (BarWidth * 0.92, 0);
            plot.Add.Line(at, l.ShareMin * 100, at, l.ShareMax * 100).LineStyle = new() { Color = Color.FromHex("#222222"), Width = 1.2f };
            var label = plot.Add.Text($"{l.Share * 100:F0}", at, Math.Max(l.Share, l.ShareMax) * 100);
            (label.LabelFontSize, label.LabelAlignment, label.OffsetY) = (11, Alignment.LowerCenter, -2);
            label.LabelBackgroundColor = Colors.White; // the line of the peak may run behind it
        }
    }

    static void Heading(Plot plot, string text, double x, double y)
    {
        var heading = plot.Add.Text(text, x, y);
        (heading.LabelFontSize, heading.LabelBold, heading.LabelAlignment) = (14, true, Alignment.UpperCenter);
    }
}
