namespace GpuRnn.Reports.Drawings;

enum Swatch { Line, Dashed, Dot, Triangle, Box }

sealed record LegendEntry(string Name, Tone Tone, Swatch Swatch);

/// <summary>
/// What stands above a chart: title and a line below it, legend in as many rows as it takes, and what the vertical axis counts.
/// </summary>
sealed class Header
{
    const double TitleSize = 15, TitleLine = 20, TextLine = 18, SwatchWidth = 18, Gap = 16;
    readonly List<string> title;
    readonly List<(double X, double Y, LegendEntry Entry)> legend = [];
    readonly string subtitle, note;
    readonly double width;

    /// <param name="chart">Whose title it is.</param>
    /// <param name="entries">The legend; may be empty.</param>
    /// <param name="note">A line below all else; may be empty.</param>
    /// <param name="width">Pixels.</param>
    public Header(Chart chart, IEnumerable<LegendEntry> entries, string note, double width)
    {
        (subtitle, this.note, this.width) = (chart.Subtitle, note, width);
        title = TextSize.Wrap(chart.Title, TitleSize, width, 3, bold: true);
        double y = title.Count * TitleLine + (subtitle.Length > 0 ? TextLine : 0), x = 0;
        foreach (LegendEntry entry in entries.Where(e => e.Name.Length > 0))
        {
            double needs = SwatchWidth + 6 + Math.Min(TextSize.Width(entry.Name, 12), width - SwatchWidth - 6);
            if (x > 0 && x + needs > width) (x, y) = (0, y + TextLine);
            legend.Add((x, y, entry));
            x += needs + Gap;
        }
        if (legend.Count > 0) y += TextLine;
        if (note.Length > 0) y += TextLine;
        Height = y + (note.Length > 0 ? 10 : 6);
    }

    public double Height { get; }

    public void Draw(ICanvas canvas)
    {
        for (int i = 0; i < title.Count; i++)
            canvas.Text(new(0, i * TitleLine + TitleSize), title[i], new(Tone.Ink, TitleSize, Bold: true));
        if (subtitle.Length > 0) canvas.Text(new(0, title.Count * TitleLine + 12), TextSize.Fit(subtitle, 12, width), new(Tone.Muted));
        foreach ((double x, double y, LegendEntry entry) in legend)
        {
            Draw(canvas, entry, x, y + TextLine / 2);
            canvas.Text(new(x + SwatchWidth + 6, y + TextLine / 2 + 4), TextSize.Fit(entry.Name, 12, width - SwatchWidth - 6),
                new(Tone.Ink));
        }
        if (note.Length > 0) canvas.Text(new(0, Height - 15), TextSize.Fit(note, 12, width), new(Tone.Muted));
    }

    static void Draw(ICanvas canvas, LegendEntry entry, double x, double y)
    {
        if (entry.Swatch == Swatch.Box) canvas.Rectangles([new(x + 4, y - 5, 10, 10)], entry.Tone);
        else if (entry.Swatch == Swatch.Dot) canvas.Circle(new(x + SwatchWidth / 2, y), 3.5, entry.Tone);
        else if (entry.Swatch == Swatch.Triangle) Marks.Triangle(canvas, new(x + SwatchWidth / 2, y), entry.Tone);
        else canvas.Polyline([new(x, y), new(x + SwatchWidth, y)], new(entry.Tone, 2, entry.Swatch == Swatch.Dashed));
    }
}
