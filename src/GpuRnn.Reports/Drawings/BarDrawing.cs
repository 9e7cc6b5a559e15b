namespace GpuRnn.Reports.Drawings;

/// <summary>
/// A bar chart. Standing and lying bars are one drawing: it thinks in "along" (across the categories) and "value", and <see cref="At"/> turns
/// that into pixels.
/// </summary>
sealed class BarDrawing : Drawing
{
    const double Slot = 0.78, Thickest = 46, LyingBar = 15, LyingGap = 10, NameLine = 16, MostBeside = 0.4, Air = 0.06;
    readonly BarChart chart;
    readonly Header header;
    readonly bool lying, namesAbove;
    readonly double slot, bar;
    readonly Tick[] ticks;

    public BarDrawing(BarChart chart, double width)
    {
        this.chart = chart;
        int categories = Math.Max(1, chart.Categories.Count), series = Math.Max(1, chart.Series.Count);
        double longest = chart.Categories.Select(c => TextSize.Width(c, 12)).DefaultIfEmpty(0).Max();
        lying = longest > (width - 60) / categories - 8;
        namesAbove = lying && longest > width * MostBeside; // on a phone, names beside the bars would leave them no room
        header = new(chart.Title, Legend(), lying ? "" : chart.ValueLabel, width);
        double height = lying ? categories * (series * LyingBar + LyingGap + NameHeight) : Math.Clamp(width * 0.38, 190, 300);
        Limits limits = chart.ValueLimits ?? Axis.Around(Values().Append(0), false, Air);
        if (lying)
        {
            double left = namesAbove ? 20 : longest + 10;
            Area = new(left, header.Height, width - left - 20, height);
            Value = new(limits, false, Area.Left, Area.Right);
        }
        else
        {
            double left = new Axis(limits, false, height, 0).Ticks(TicksOf(height)).Select(t => TextSize.Width(t.Label, 12)).DefaultIfEmpty(0).Max() + 10;
            Area = new(left, header.Height, width - left - 4, height);
            Value = new(limits, false, Area.Bottom, Area.Top);
        }
        ticks = Value.Ticks(lying ? (int)Math.Max(2, Area.Width / 60) : TicksOf(height));
        slot = (lying ? Area.Height : Area.Width) / categories;
        bar = lying ? LyingBar : Math.Min(Thickest, slot * Slot / series);
        (Width, Height) = (width, Area.Bottom + (lying && chart.ValueLabel.Length > 0 ? 44 : 24));
    }

    public Axis Value { get; }
    /// <summary>Where the bars are drawn.</summary>
    public Box Area { get; }

    double NameHeight => namesAbove ? NameLine : 0;

    static int TicksOf(double height) => (int)(4 + height / 100);

    IEnumerable<LegendEntry> Legend() => chart.Series.Select((s, i) => new LegendEntry(s.Name, Tone.OfSeries(i), Swatch.Box))
        .Concat(chart.References.Select(r => new LegendEntry($"{r.Name} ({Numbers.Short(r.Value)})", Tone.Ink, Swatch.Dashed)));

    IEnumerable<double> Values() => chart.References.Select(r => r.Value)
        .Concat(chart.Series.SelectMany(s => s.Values.SelectMany((v, i) => new[] { v, v - Error(s, i), v + Error(s, i) })));

    static double Error(BarSeries series, int category) => series.Errors is { } errors && double.IsFinite(errors[category]) ? errors[category] : 0;

    Point At(double along, double value) => lying ? new(Value.At(value), Area.Top + along) : new(Area.Left + along, Value.At(value));

    public override void Draw(ICanvas canvas)
    {
        header.Draw(canvas);
        double across = lying ? Area.Height : Area.Width;
        foreach (Tick tick in ticks)
        {
            canvas.Polyline([At(0, tick.Value), At(across, tick.Value)], new(Tone.Grid));
            if (lying) canvas.Text(new(Value.At(tick.Value), Area.Bottom + 17), tick.Label, new(Tone.Muted, Anchor: Anchor.Middle));
            else canvas.Text(new(Area.Left - 8, Value.At(tick.Value) + 4), tick.Label, new(Tone.Muted, Anchor: Anchor.End));
        }
        if (lying)
            canvas.Text(
                new(Area.Left + Area.Width / 2, Area.Bottom + 37),
                TextSize.Fit(chart.ValueLabel, 12, Area.Width),
                new(Tone.Muted, Anchor: Anchor.Middle));
        for (int c = 0; c < chart.Categories.Count; c++) DrawCategory(canvas, c);
        canvas.BeginClip(Area);
        for (int s = 0; s < chart.Series.Count; s++)
            for (int c = 0; c < chart.Categories.Count; c++) DrawBar(canvas, s, c);
        foreach (ReferenceLine line in chart.References.Where(r => Value.Shows(r.Value)))
            canvas.Polyline([At(0, line.Value), At(across, line.Value)], new(Tone.Ink, 1.2, Dashed: true), $"{line.Name}: {Numbers.Short(line.Value)}");
        canvas.EndClip();
        canvas.Polyline([At(0, Base), At(across, Base)], new(Tone.Axis));
    }

    // bars begin at 0, or where the axis does if that shows no 0
    double Base => Math.Clamp(0, Value.Limits.Low, Value.Limits.High);

    void DrawCategory(ICanvas canvas, int category)
    {
        double middle = (category + 0.5) * slot;
        string name = chart.Categories[category];
        if (namesAbove) canvas.Text(new(Area.Left, Area.Top + category * slot + NameLine), TextSize.Fit(name, 12, Area.Width), new(Tone.Ink));
        else if (lying) canvas.Text(new(Area.Left - 8, Area.Top + middle + 4), name, new(Tone.Ink, Anchor: Anchor.End));
        else canvas.Text(new(Area.Left + middle, Area.Bottom + 17), name, new(Tone.Ink, Anchor: Anchor.Middle));
    }

    void DrawBar(ICanvas canvas, int series, int category)
    {
        BarSeries s = chart.Series[series];
        double value = s.Values[category];
        if (!Value.Shows(value)) return;
        double start = (category + 0.5) * slot + (series - chart.Series.Count / 2.0) * bar + NameHeight / 2, error = Error(s, category);
        Point a = At(start + 1, Base), b = At(start + bar - 1, value);
        string tip =
            $"{chart.Categories[category]}{(s.Name.Length > 0 ? $", {s.Name}" : "")}: {Numbers.Short(value)}"
            + $"{(error > 0 ? $" ± {Numbers.Short(error)}" : "")}";
        canvas.Rectangles([new(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y))], Tone.OfSeries(series), tip);
        if (error <= 0) return;
        double middle = start + bar / 2, half = Math.Min(4, bar / 4);
        Stroke stroke = new(Tone.Ink, 1.2);
        canvas.Polyline([At(middle, value - error), At(middle, value + error)], stroke, tip);
        foreach (double end in new[] { value - error, value + error }) canvas.Polyline([At(middle - half, end), At(middle + half, end)], stroke);
    }
}
