namespace GpuRnn.Measuring.Tables;

/// <summary>A table that reads well as it is and as Markdown. Columns after the first are numbers and stand to the right.</summary>
public sealed class MarkdownTable(params IEnumerable<string> columns)
{
    readonly List<string[]> rows = [[.. columns]];

    public void Add(params IEnumerable<string> cells)
    {
        string[] row = [.. cells];
        if (row.Length != rows[0].Length) throw new ArgumentException($"{row.Length} cells for {rows[0].Length} columns");
        rows.Add(row);
    }

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => Math.Max(4, rows.Max(row => row[column].Length)))];
        string rule = Line(widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":"));
        IEnumerable<string> lines = rows.Select(row =>
            Line(row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        return string.Join('\n', lines.Take(1).Append(rule).Concat(lines.Skip(1)));
    }

    static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
