namespace GpuRnn.Reports.Drawings;

/// <summary>
/// A bar chart. Standing and lying bars are one drawing: it thinks in "along" (across the categories) and "value", and <see cref="At"/>
/// turns that into pixels.
/// </summary>
sealed class BarDrawing : Drawing
{
    const double Slot = 0.78, Thickest = 46, LyingBar = 15, LyingGap = 10, NameLine = 16, MostBeside = 0.4, Air = 0.06;
    const double GroupGap = 44, LyingGroupGap = 22, ValueSize = 11;
    readonly BarChart chart;
    readonly Header header;
    readonly bool lying, namesAbove;
    readonly double slot, bar;
    readonly int nameLines;
    readonly Tick[] ticks;

    public BarDrawing(BarChart chart, double width)
    {
        this.chart = chart;
        int categories = Math.Max(1, chart.Categories.Count), series = Math.Max(1, chart.Series.Count);
        double longest = chart.Categories.SelectMany(c => c.Split('\n')).Select(c => TextSize.Width(c, 12)).DefaultIfEmpty(0).Max();
        lying = longest > (width - 60 - Gaps(GroupGap)) / categories - 8;
        if (lying) longest = chart.Categories.Select(c => TextSize.Width(Line(c), 12)).DefaultIfEmpty(0).Max();
        namesAbove = lying && longest > width * MostBeside; // on a phone, names beside the bars would leave them no room
        nameLines = lying ? 1 : chart.Categories.Select(c => c.Count(letter => letter == '\n') + 1).DefaultIfEmpty(1).Max();
        header = new(chart, Legend(), lying ? "" : chart.ValueLabel, width);
        double height = lying ? categories * (series * LyingBar + LyingGap + NameHeight) + Gaps(LyingGroupGap)
            : Math.Clamp(width * 0.38, 190, 300);
        Limits limits = chart.ValueLimits ?? Axis.Around(Values().Append(0), false, Air);
        if (lying)
        {
            double left = namesAbove ? 20 : longest + 10;
            Area = new(left, header.Height, width - left - 20, height);
            Value = new(limits, false, Area.Left, Area.Right);
        }
        else
        {
            double left = new Axis(limits, false, height, 0).Ticks(TicksOf(height)).Select(t => TextSize.Width(t.Label, 12))
                .DefaultIfEmpty(0).Max() + 10;
            Area = new(left, header.Height, width - left - 4, height);
            Value = new(limits, false, Area.Bottom, Area.Top);
        }
        ticks = Value.Ticks(lying ? (int)Math.Max(2, Area.Width / 60) : TicksOf(height));
        slot = (Across - Gaps(lying ? LyingGroupGap : GroupGap)) / categories;
        bar = lying ? LyingBar : Math.Min(Thickest, slot * Slot / series);
        (Width, Height) = (width, Area.Bottom + 8 + NameLine * nameLines + (Below.Length > 0 ? 20 : 0));
    }

    public Axis Value { get; }
    /// <summary>Where the bars are drawn.</summary>
    public Box Area { get; }

    double NameHeight => namesAbove ? NameLine : 0;
    double Across => lying ? Area.Height : Area.Width;

    /// <summary>What stands below all: what the axis there counts.</summary>
    string Below => lying ? chart.ValueLabel : chart.CategoryLabel;

    /// <summary>Room between groups; lying ones have their headings in it, the first one too.</summary>
    double Gaps(double each) => Math.Max(0, chart.Groups.Count - (lying ? 0 : 1)) * each;

    static int TicksOf(double height) => (int)(4 + height / 100);

    static string Line(string name) => name.Replace("\n", ", ");

    IEnumerable<LegendEntry> Legend() => chart.Series.Select((s, i) => new LegendEntry(s.Name, ToneOf(i), Swatch.Box))
        .Concat(chart.References.Select(r => new LegendEntry($"{r.Name} ({Numbers.Short(r.Value)})", Tone.Ink, Swatch.Dashed)));

    Tone ToneOf(int series) => Tone.OfSeries(chart.Series[series].Hue ?? series);

    IEnumerable<double> Values() => chart.References.Select(r => r.Value)
        .Concat(chart.Series.SelectMany(s => s.Values.Concat(s.Band?.Low ?? []).Concat(s.Band?.High ?? [])));

    Point At(double along, double value) => lying ? new(Value.At(value), Area.Top + along) : new(Area.Left + along, Value.At(value));

    /// <summary>Where a category begins, along.</summary>
    double Start(int category)
    {
        int group = 0;
        for (int last = 0; group < chart.Groups.Count && (last += chart.Groups[group].Count) <= category;) group++;
        return category * slot + (lying ? (chart.Groups.Count > 0 ? group + 1 : 0) * LyingGroupGap : group * GroupGap);
    }

    public override void Draw(ICanvas canvas)
    {
        header.Draw(canvas);
        foreach (Tick tick in ticks)
        {
            canvas.Polyline([At(0, tick.Value), At(Across, tick.Value)], new(Tone.Grid));
            if (lying) canvas.Text(new(Value.At(tick.Value), Area.Bottom + 17), tick.Label, new(Tone.Muted, Anchor: Anchor.Middle));
            else canvas.Text(new(Area.Left - 8, Value.At(tick.Value) + 4), tick.Label, new(Tone.Muted, Anchor: Anchor.End));
        }
        if (Below.Length > 0)
            canvas.Text(
                new(Area.Left + Area.Width / 2, Height - 7),
                TextSize.Fit(Below, 12, Area.Width),
                new(Tone.Muted, Anchor: Anchor.Middle));
        for (int c = 0; c < chart.Categories.Count; c++) DrawCategory(canvas, c);
        for (int first = 0, g = 0; g < chart.Groups.Count; first += chart.Groups[g++].Count) DrawHeading(canvas, chart.Groups[g], first);
        canvas.BeginClip(Area);
        for (int s = 0; s < chart.Series.Count; s++)
            for (int c = 0; c < chart.Categories.Count; c++) DrawBar(canvas, s, c);
        foreach (ReferenceLine line in chart.References.Where(r => Value.Shows(r.Value)))
            canvas.Polyline([At(0, line.Value), At(Across, line.Value)], new(Tone.Ink, 1.2, Dashed: true),
                $"{line.Name}: {Numbers.Short(line.Value)}");
        if (chart.ValueFormat is { } format)
            for (int s = 0; s < chart.Series.Count; s++)
                for (int c = 0; c < chart.Categories.Count; c++) DrawValue(canvas, s, c, format);
        canvas.EndClip();
        canvas.Polyline([At(0, Base), At(Across, Base)], new(Tone.Axis));
    }

    // bars begin at 0, or where the axis does if that shows no 0
    double Base => Math.Clamp(0, Value.Limits.Low, Value.Limits.High);

    void DrawCategory(ICanvas canvas, int category)
    {
        double start = Start(category), middle = start + slot / 2;
        string name = chart.Categories[category];
        if (namesAbove) canvas.Text(new(Area.Left, Area.Top + start + NameLine), TextSize.Fit(Line(name), 12, Area.Width), new(Tone.Ink));
        else if (lying) canvas.Text(new(Area.Left - 8, Area.Top + middle + 4), Line(name), new(Tone.Ink, Anchor: Anchor.End));
        else
            foreach ((int line, string text) in name.Split('\n').Index())
                canvas.Text(new(Area.Left + middle, Area.Bottom + 17 + NameLine * line), text, new(Tone.Ink, Anchor: Anchor.Middle));
    }

    void DrawHeading(ICanvas canvas, CategoryGroup group, int first)
    {
        double start = Start(first);
        if (lying)
            canvas.Text(new(Area.Left, Area.Top + start - 5), TextSize.Fit(group.Name, 12, Area.Width, bold: true),
                new(Tone.Ink, Bold: true));
        else
            canvas.Text(
                new(Area.Left + start + group.Count * slot / 2, Area.Top + 14),
                TextSize.Fit(group.Name, 13, group.Count * slot + GroupGap, bold: true),
                new(Tone.Ink, 13, Anchor.Middle, Bold: true));
    }

    /// <summary>Where a bar begins, along: those of a category that are there stand together around its middle.</summary>
    double BarStart(int series, int category)
    {
        bool Is(int s) => Value.Shows(chart.Series[s].Values[category]);
        int all = Enumerable.Range(0, chart.Series.Count).Count(Is), before = Enumerable.Range(0, series).Count(Is);
        return Start(category) + slot / 2 + (before - all / 2.0) * bar + NameHeight / 2;
    }

    /// <summary>A bar's thin line, as far as it is a number and no point.</summary>
    static Limits? RangeOf(BarSeries s, int category) =>
        s.Band is { } band && double.IsFinite(band.Low[category]) && double.IsFinite(band.High[category])
            && band.Low[category] < band.High[category]
            ? new(band.Low[category], band.High[category]) : null;

    void DrawBar(ICanvas canvas, int series, int category)
    {
        BarSeries s = chart.Series[series];
        double value = s.Values[category];
        if (!Value.Shows(value)) return;
        double start = BarStart(series, category);
        Limits? range = RangeOf(s, category);
        Point a = At(start + 1, Base), b = At(start + bar - 1, value);
        string tip =
            $"{Line(chart.Categories[category])}{(s.Name.Length > 0 ? $", {s.Name}" : "")}: {Numbers.Short(value)}"
            + $"{(range is { } r ? $" ({Numbers.Short(r.Low)} to {Numbers.Short(r.High)})" : "")}";
        canvas.Rectangles([new(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y))], ToneOf(series), tip);
        if (range is not { } whisker) return;
        double middle = start + bar / 2, half = Math.Min(4, bar / 4);
        Stroke stroke = new(Tone.Ink, 1.2);
        canvas.Polyline([At(middle, whisker.Low), At(middle, whisker.High)], stroke, tip);
        foreach (double end in new[] { whisker.Low, whisker.High })
            canvas.Polyline([At(middle - half, end), At(middle + half, end)], stroke);
    }

    /// <summary>A number beyond the end of its bar, on paper: lines may run behind it.</summary>
    void DrawValue(ICanvas canvas, int series, int category, string format)
    {
        BarSeries s = chart.Series[series];
        double value = s.Values[category];
        if (!Value.Shows(value)) return;
        string text = value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        Point end = At(BarStart(series, category) + bar / 2, Math.Max(value, RangeOf(s, category)?.High ?? value));
        double width = TextSize.Width(text, ValueSize);
        Point at = lying ? new(end.X + 5 + width / 2, end.Y + 4) : new(end.X, end.Y - 5);
        canvas.Rectangles([new(at.X - width / 2, at.Y - ValueSize + 1, width, ValueSize)], Tone.Paper);
        canvas.Text(at, text, new(Tone.Ink, ValueSize, Anchor.Middle));
    }
}
