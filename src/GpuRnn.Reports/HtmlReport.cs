using System.Globalization;
using System.Text;
using System.Text.Json;
using GpuRnn.Interop;

namespace GpuRnn.Reports;

/// <summary>What a run came to, as one HTML file that needs nothing else: no network, no scripts. All text is taken literally.</summary>
public sealed class HtmlReport(string title, string summary)
{
    readonly StringBuilder tiles = new();
    readonly List<ReportSection> sections = [];
    readonly List<(Chart Chart, string File)> pictures = [];
    readonly List<string> warnings = [];
    string ending = "";

    /// <summary>What could not be drawn, and why.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>A key figure at the top.</summary>
    /// <param name="note">What the value counts, such as "nats a character".</param>
    /// <param name="reference">What it is to be held against, such as "floor 0.0947".</param>
    public HtmlReport Tile(string name, string value, string note = "", string reference = "")
    {
        tiles.Append(CultureInfo.InvariantCulture,
            $"<div class=\"tile\"><dt>{Escape.Text(name)}</dt><dd><strong>{Escape.Text(value)}</strong>");
        if (note.Length > 0) tiles.Append(CultureInfo.InvariantCulture, $"<span>{Escape.Text(note)}</span>");
        if (reference.Length > 0) tiles.Append(CultureInfo.InvariantCulture, $"<em>{Escape.Text(reference)}</em>");
        tiles.Append("</dd></div>\n");
        return this;
    }

    /// <summary>A new section at the end; fill it by its own methods.</summary>
    public ReportSection Section(string heading)
    {
        ReportSection section = new(heading, warnings);
        sections.Add(section);
        return section;
    }

    /// <summary>Ends the report with the command that does it all again.</summary>
    public HtmlReport Command(string command)
    {
        // words of their own: a browser would break the line within "--steps"
        IEnumerable<string> words = command.Split(' ').Select(word => $"<span>{Escape.Text(word)}</span>");
        ending += $"<section>\n<h2>Do it again</h2>\n<pre class=\"command\">{string.Join(' ', words)}</pre>\n</section>\n";
        return this;
    }

    /// <summary>Ends the report with all that was measured, folded up, as JSON; numbers that are none are written as "NaN".</summary>
    public HtmlReport Metrics(object metrics)
    {
        ending += "<details>\n<summary>All metrics as JSON</summary>\n"
            + $"<pre>{Escape.Text(JsonSerializer.Serialize(metrics, Json.Numbers))}</pre>\n</details>\n";
        return this;
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="GpuRnnException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToHtml())));

    /// <summary>A chart in a section, and as a PNG of its own beside the report once <see cref="WritePictures"/> is called.</summary>
    public void Chart(ReportSection section, Chart chart, string file)
    {
        section.Chart(chart);
        pictures.Add((chart, file));
    }

    /// <summary>Writes the charts that are PNGs too. One that cannot be drawn is a warning: no result is lost for it.</summary>
    /// <returns>The files that were written.</returns>
    public IReadOnlyList<string> WritePictures(string folder)
    {
        string[] written =
        [
            .. pictures.Where(p => Picture.Try(() => PngWriter.Write(p.Chart, Path.Combine(folder, p.File)), p.File, warnings))
                .Select(p => p.File)
        ];
        if (written.Length > 0 && !PngWriter.HasLabels)
            warnings.Add("there are no fonts on this machine, so the PNG pictures have no labels; report.html has them.");
        return written;
    }

    public string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Escape.Text(title)}</title>
        <style>
        {ReportStyle.Colors}{ReportStyle.Page}</style>
        </head>
        <body>
        <main>
        <header>
        <h1>{Escape.Text(title)}</h1>
        <p>{Escape.Text(summary)}</p>
        </header>
        {(tiles.Length > 0 ? $"<dl class=\"tiles\">\n{tiles}</dl>\n" : "")}{string.Concat(sections.Select(s => s.ToHtml()))}{ending}</main>
        </body>
        </html>

        """;
}
