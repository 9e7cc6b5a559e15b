using System.Globalization;
using System.Text.Json;
using GpuRnn.Cli.Commands;
using GpuRnn.Cli.Reports;
using GpuRnn.Interop;
using Spectre.Console;

namespace GpuRnn.Cli.Tasks.Training;

/// <summary>
/// What a run came to: measures under the names of metrics.json, lines for the screen, charts and sections for the report.
/// </summary>
sealed class RunOutcome(RunFolder folder, HtmlReport report)
{
    readonly List<(Chart Chart, string File)> pictures = [];

    public Dictionary<string, object?> Metrics { get; } = [];
    public List<(string Name, string Value)> Lines { get; } = [];
    /// <summary>What was written, by name.</summary>
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

    /// <summary>A chart in a section of the report, and as a PNG of its own once the results are written.</summary>
    public void Chart(ReportSection section, Chart chart, string file)
    {
        section.Chart(chart);
        pictures.Add((chart, file));
    }

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
        foreach ((Chart chart, string file) in pictures)
            if (Picture.Try(() => PngWriter.Write(chart, Path.Combine(folder.Path, file)), file)) Files.Add(file);
        if (pictures.Any(p => Files.Contains(p.File)) && !PngWriter.HasLabels)
            Screen.Warn("there are no fonts on this machine, so the PNG pictures have no labels; report.html has them.");
    }

    /// <summary>Shows the measures as JSON, or as a table with what was written.</summary>
    public void Show(bool json, params (string Name, string Value)[] notes)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(Metrics, Json.Numbers));
            return;
        }
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "value");
        foreach ((string name, string value) in Lines.Append(("written", $"{string.Join(", ", Files)} in {folder.Path}")).Concat(notes))
            table.AddRow(Screen.Literal(name), Screen.Literal(value));
        Screen.Write(table);
    }
}
