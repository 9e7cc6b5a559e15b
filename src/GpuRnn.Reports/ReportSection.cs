using System.Globalization;
using System.Text;

namespace GpuRnn.Reports;

/// <summary>
/// A part of a report under its own heading: paragraphs, charts, tables and samples in the order in which they are added.
/// </summary>
public sealed class ReportSection
{
    // for a screen and for a phone, pixels: scaled from one to the other, letters would be too small
    const double Wide = 780, Narrow = 350;

    readonly StringBuilder html = new();
    readonly string heading;
    readonly List<string> warnings;

    internal ReportSection(string heading, List<string> warnings) => (this.heading, this.warnings) = (heading, warnings);

    public ReportSection Text(string paragraph)
    {
        html.Append(CultureInfo.InvariantCulture, $"<p>{Escape.Text(paragraph)}</p>\n");
        return this;
    }

    public ReportSection Chart(Chart chart)
    {
        bool drawn = Picture.Try(() => html.Append(
            CultureInfo.InvariantCulture, $"<figure class=\"wide\">\n{SvgWriter.Inline(chart, Wide)}</figure>\n"
            + $"<figure class=\"narrow\">\n{SvgWriter.Inline(chart, Narrow)}</figure>\n"), chart.Description, warnings);
        return drawn ? this : Text($"({chart.Description}: could not be drawn.)");
    }

    /// <summary>A table; columns that hold nothing but numbers are aligned at their right.</summary>
    /// <exception cref="ArgumentException">A row has not one cell a column.</exception>
    public ReportSection Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.FirstOrDefault(r => r.Count != columns.Count) is { } odd)
            throw new ArgumentException($"A row has {odd.Count} cells; the table has {columns.Count} columns.");
        bool[] numbers = [.. columns.Select((_, c) => rows.Count > 0 && rows.All(r => IsNumber(r[c])))];
        html.Append("<div class=\"table\"><table>\n");
        AddRow(columns, "th", numbers);
        foreach (IReadOnlyList<string> row in rows) AddRow(row, "td", numbers);
        html.Append("</table></div>\n");
        return this;
    }

    /// <summary>Text as it is, with its own lines: what a model wrote.</summary>
    public ReportSection Sample(string text)
    {
        html.Append(CultureInfo.InvariantCulture, $"<pre>{Escape.Text(text)}</pre>\n");
        return this;
    }

    public ReportSection Marked(MarkedText text)
    {
        html.Append(text.ToHtml());
        return this;
    }

    internal string ToHtml() => $"<section>\n<h2>{Escape.Text(heading)}</h2>\n{html}</section>\n";

    void AddRow(IReadOnlyList<string> cells, string tag, bool[] numbers)
    {
        html.Append("<tr>");
        for (int c = 0; c < cells.Count; c++)
            html.Append(CultureInfo.InvariantCulture, $"<{tag}{(numbers[c] ? " class=\"number\"" : "")}>{Escape.Text(cells[c])}</{tag}>");
        html.Append("</tr>\n");
    }

    // "0.93 ± 0.01", "12%" and "1,024" are numbers too; so is a cell that has none
    static bool IsNumber(string cell)
    {
        string[] parts = cell.TrimEnd('%', ' ').Split('±', StringSplitOptions.TrimEntries);
        return cell is "" or "-"
            || parts.All(p => double.TryParse(p, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _));
    }
}
