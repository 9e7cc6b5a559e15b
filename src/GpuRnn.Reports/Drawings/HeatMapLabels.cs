using System.Globalization;

namespace GpuRnn.Reports.Drawings;

/// <summary>Labels of a heat map's rows and columns: as many as fit, level where they can be, upright where not.</summary>
sealed class HeatMapLabels
{
    const double Size = 11, LineHeight = 13, LongestUpright = 110;
    readonly string[] rows, columns;
    readonly double widest;

    public HeatMapLabels(HeatMap chart)
    {
        (rows, columns) = ([.. chart.RowLabels.Select(Visible)], [.. chart.ColumnLabels.Select(Visible)]);
        widest = columns.Select(c => TextSize.Width(c, Size)).DefaultIfEmpty(0).Max();
        Characters = columns.Length > 0 && columns.All(c => new StringInfo(c).LengthInTextElements <= 1);
    }

    /// <summary>Is each column one character of a text?</summary>
    public bool Characters { get; }

    public string Row(int row) => rows.Length > 0 ? rows[row] : $"row {row}";
    public string Column(int column) => columns.Length > 0 ? columns[column] : $"column {column}";

    public double LeftWidth(double most) => rows.Length == 0 ? 0 : Math.Min(most, rows.Max(r => TextSize.Width(r, Size)) + 8);

    public double TopHeight(double cellWidth) => columns.Length == 0 ? 0
        : Characters || widest + 6 <= cellWidth ? LineHeight + 4 : Math.Min(widest, LongestUpright) + 8;

    public void Draw(ICanvas canvas, Box area)
    {
        double height = area.Height / Math.Max(1, rows.Length), width = area.Width / Math.Max(1, columns.Length);
        for (int i = 0, every = Every(height); i < rows.Length; i += every)
            canvas.Text(new(area.Left - 6, area.Top + (i + 0.5) * height + 4), TextSize.Fit(rows[i], Size, area.Left - 6),
                new(Tone.Ink, Size, Anchor.End));
        bool level = Characters || widest + 6 <= width;
        for (int i = 0, every = Characters ? 1 : level ? 1 : Every(width); i < columns.Length; i += every)
        {
            double middle = area.Left + (i + 0.5) * width;
            if (level) canvas.Text(new(middle, area.Top - 5), columns[i], new(Tone.Ink, Size, Anchor.Middle, Mono: Characters));
            else canvas.Text(new(middle + 4, area.Top - 5), TextSize.Fit(columns[i], Size, LongestUpright),
                new(Tone.Ink, Size, Upright: true));
        }
    }

    static int Every(double pixels) => Math.Max(1, (int)Math.Ceiling(LineHeight / pixels));

    // white space as a label would be none
    static string Visible(string label) => label switch { " " => "·", "\n" => "↵", "\t" => "→", _ => label };
}
