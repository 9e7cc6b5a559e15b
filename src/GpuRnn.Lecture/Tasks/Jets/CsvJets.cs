using System.Globalization;
using GpuRnn.Interop;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>Jets from a CSV file: a header, then a line for each jet; commas between numbers with a decimal point, no quotes.</summary>
static class CsvJets
{
    /// <summary>Line by line.</summary>
    public static IEnumerable<Jet> Read(string path)
    {
        using StreamReader reader = JetFile.Guard(path, "CSV", () => new StreamReader(InputFile.Open(path)));
        if (NextLine(path, reader) is not { } header) throw JetColumns.Wrong(path, "it is empty", "a header line");
        string[] names = [.. header.Split(',').Select(name => name.Trim())];
        JetColumns columns = new(path, names);
        double[] row = new double[columns.RowLength];
        for (long line = 2; NextLine(path, reader) is { } text; line++)
        {
            // an empty line at the end is no row
            if (text.Length == 0 && reader.Peek() < 0) break;
            Parse(path, columns, text, line, row);
            yield return columns.ToJet(row, $"line {line}");
        }
    }

    static string? NextLine(string path, StreamReader reader) => JetFile.Guard(path, "CSV", reader.ReadLine);

    static void Parse(string path, JetColumns columns, string text, long line, double[] row)
    {
        int count = text.AsSpan().Count(',') + 1, at = 0;
        if (count != columns.Targets.Length)
            throw JetColumns.Wrong(path, $"line {line} has {count} values", $"{columns.Targets.Length}, as many as the header");
        foreach (Range range in text.AsSpan().Split(','))
        {
            if (columns.Targets[at++] is var target && target < 0) continue;
            ReadOnlySpan<char> field = text.AsSpan()[range].Trim();
            if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out row[target]))
                throw JetColumns.Wrong(path, $"line {line}, column '{columns.NameOf(target)}', is {FileError.Quote(field.ToString())}",
                    "a number");
        }
    }
}
