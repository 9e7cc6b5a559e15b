using System.Globalization;
using System.Text.Json;
using GpuRnn.Interop;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Runs;

/// <summary>
/// What a run came to: measures under the names of metrics.json, lines for the screen, charts and sections for the report.
/// </summary>
public sealed class RunOutcome(RunFolder folder, HtmlReport report)
{
    public RunFolder Folder => folder;
    public Dictionary<string, object?> Metrics { get; } = [];
    public List<(string Name, string Value)> Lines { get; } = [];
    /// <summary>What was written, by name.</summary>
    public List<string> Files { get; } = [];
    /// <summary>What the model makes, for the screen.</summary>
    public string? Sample { get; set; }
    /// <summary>What could not be drawn, and why.</summary>
    public IReadOnlyList<string> Warnings => report.Warnings;

    /// <summary>A measure that matters: in metrics.json, on the screen and at the top of the report.</summary>
    public void Measure(string name, string metric, double value, string note = "", string reference = "", int digits = 4)
    {
        string text = value.ToString($"F{digits}", CultureInfo.InvariantCulture);
        Metrics[metric] = value;
        Lines.Add((name, reference.Length > 0 ? $"{text} ({reference})" : text));
        report.Tile(name, text, note, reference);
    }

    public ReportSection Section(string heading) => report.Section(heading);

    /// <summary>A chart in a section of the report, and as a PNG of its own once the results are written.</summary>
    public void Chart(ReportSection section, Chart chart, string file) => report.Chart(section, chart, file);

    /// <summary>
    /// Writes metrics.json and report.html, then the pictures: one that cannot be drawn is a warning, and no result is lost for it.
    /// </summary>
    /// <param name="command">What does it all again.</param>
    /// <exception cref="GpuRnnException">The results cannot be written.</exception>
    public void Save(string command)
    {
        AtomicFile.Write(folder.Metrics, stream => JsonSerializer.Serialize(stream, Metrics, Json.Numbers));
        report.Command(command).Metrics(Metrics).Write(folder.Report);
        Files.InsertRange(0, ["metrics.json", "report.html"]);
        Files.AddRange(report.WritePictures(folder.Path));
    }
}
