using System.Globalization;
using GpuRnn.Cli.Reports;

namespace GpuRnn.Cli.Tasks.Training;

/// <summary>What a run came to: measures under the names of metrics.json, lines for the screen, charts and sections for the report.</summary>
sealed class RunOutcome(RunFolder folder, HtmlReport report)
{
    public Dictionary<string, object?> Metrics { get; } = [];
    public List<(string Name, string Value)> Lines { get; } = [];
    public List<string> Files { get; } = [];
    /// <summary>What the model makes, for the screen.</summary>
    public string? Sample { get; set; }

    /// <summary>A measure that matters: in metrics.json, on the screen and at the top of the report.</summary>
    public void Measure(string name, string metric, double value, string note = "", string reference = "", int digits = 4)
    {
        string text = value.ToString($"F{digits}", CultureInfo.InvariantCulture);
        Metrics[metric] = value;
        Lines.Add((name, reference.Length > 0 ? $"{text} ({reference})" : text));
        report.Tile(name, text, note, reference);
    }

    public ReportSection Section(string heading) => report.Section(heading);

    /// <summary>A chart in a section of the report, and as a PNG of its own.</summary>
    public void Chart(ReportSection section, Chart chart, string file)
    {
        section.Chart(chart);
        folder.Make();
        PngWriter.Write(chart, Path.Combine(folder.Path, file));
        Files.Add(file);
    }
}
