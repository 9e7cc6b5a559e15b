namespace GpuRnn.Reports.Drawings;

/// <summary>A line chart: axes, and series within them.</summary>
sealed class LineDrawing : Drawing
{
    const double PixelsATick = 70, PixelsADecimal = 40, Air = 0.04;
    readonly LineChart chart;
    readonly Header header;
    readonly Tick[] ticksX, ticksY;

    public LineDrawing(LineChart chart, double width)
    {
        this.chart = chart;
        header = new(chart, Legend(), chart.YLabel, width);
        double height = Math.Clamp(width * 0.42, 200, 340);
        Limits y = chart.YLimits ?? Axis.Around(Heights(), chart.LogY, Air);
        Y = new(y, chart.LogY, header.Height + height, header.Height);
        int most = (int)(4 + height / 100);
        ticksY = Y.Ticks(chart.LogY ? Math.Max(most, (int)(height / PixelsADecimal)) : most);
        double left = ticksY.Select(t => TextSize.Width(t.Label, 12)).DefaultIfEmpty(0).Max() + 10;
        bool points = chart.Series.Any(s => s.Style is SeriesStyle.Points or SeriesStyle.Triangles);
        Limits x = chart.XLimits ?? Axis.Around(chart.Series.SelectMany(s => s.X), chart.LogX, points ? Air / 2 : 0);
        Area = new(left, header.Height, width - left - 20, height);
        X = new(x, chart.LogX, Area.Left, Area.Right);
        ticksX = X.Ticks((int)Math.Max(2, Area.Width / PixelsATick));
        (Width, Height) = (width, Area.Bottom + (chart.XLabel.Length > 0 ? 44 : 24));
    }

    public Axis X { get; }
    public Axis Y { get; }
    /// <summary>Where the data is drawn.</summary>
    public Box Area { get; }

    IEnumerable<double> Heights() => chart.Series.SelectMany(s => s.Y.Concat(s.Band?.Low ?? []).Concat(s.Band?.High ?? []))
        .Concat(chart.References.Select(r => r.Value));

    IEnumerable<LegendEntry> Legend()
    {
        for (int i = 0; i < chart.Series.Count; i++)
        {
            Swatch swatch = chart.Series[i].Style switch
            {
                SeriesStyle.Points => Swatch.Dot,
                SeriesStyle.Triangles => Swatch.Triangle,
                _ => IsDashed(i) ? Swatch.Dashed : Swatch.Line,
            };
            yield return new(chart.Series[i].Name, ToneOf(i), swatch);
        }
        foreach (ReferenceLine line in chart.References)
            yield return new($"{line.Name} ({Numbers.Short(line.Value)})", Tone.Ink, Swatch.Dashed);
    }

    Tone ToneOf(int series) => Tone.OfSeries(chart.Series[series].Hue ?? series);

    // once the colours repeat, dashes tell series apart
    bool IsDashed(int series) => chart.Series[series].Style == SeriesStyle.Dashed || series >= Tone.SeriesCount;

    public override void Draw(ICanvas canvas)
    {
        header.Draw(canvas);
        foreach (Tick tick in ticksX)
            canvas.Polyline([new(X.At(tick.Value), Area.Top), new(X.At(tick.Value), Area.Bottom)], new(Tone.Grid));
        foreach (Tick tick in ticksY)
        {
            canvas.Polyline([new(Area.Left, Y.At(tick.Value)), new(Area.Right, Y.At(tick.Value))], new(Tone.Grid));
            canvas.Text(new(Area.Left - 8, Y.At(tick.Value) + 4), tick.Label, new(Tone.Muted, Anchor: Anchor.End));
        }
        canvas.Polyline([new(Area.Left, Area.Bottom), new(Area.Right, Area.Bottom)], new(Tone.Axis));
        foreach (Tick tick in ticksX)
            canvas.Text(new(X.At(tick.Value), Area.Bottom + 17), tick.Label, new(Tone.Muted, Anchor: Anchor.Middle));
        canvas.Text(new(Area.Left + Area.Width / 2, Area.Bottom + 37), TextSize.Fit(chart.XLabel, 12, Area.Width),
            new(Tone.Muted, Anchor: Anchor.Middle));

        // points on the edge are to be seen whole
        canvas.BeginClip(new(Area.Left - 4, Area.Top - 4, Area.Width + 8, Area.Height + 8));
        foreach (ReferenceLine line in chart.References.Where(r => Y.Shows(r.Value)))
            canvas.Polyline(
                [new(Area.Left, Y.At(line.Value)), new(Area.Right, Y.At(line.Value))],
                new(Tone.Ink, 1.2, Dashed: true),
                $"{line.Name}: {Numbers.Short(line.Value)}");
        IEnumerable<int> order = Enumerable.Range(0, chart.Series.Count);
        foreach (int i in chart.FirstOnTop ? order.Reverse() : order)
            new SeriesDrawing(chart.Series[i], X, Y, ToneOf(i), IsDashed(i)).Draw(canvas);
        canvas.EndClip();
    }
}
