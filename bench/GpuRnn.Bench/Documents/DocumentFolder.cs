using System.Text;
using GpuRnn.Bench.Plots;
using GpuRnn.Bench.Results;
using GpuRnn.Interop;
using GpuRnn.Reports;

namespace GpuRnn.Bench.Documents;

/// <summary>README.md and docs/*.md below a folder.</summary>
sealed class DocumentFolder
{
    const int PictureWidth = 1000;
    readonly string root;

    public DocumentFolder(string root)
    {
        this.root = root;
        if (!Directory.Exists(Docs)) throw new GpuRnnException($"{root} has no folder docs.");
    }

    /// <summary>The repository around the current folder.</summary>
    public static string Here
    {
        get
        {
            DirectoryInfo? folder = new(Environment.CurrentDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GpuRnn.sln"))) folder = folder.Parent;
            return folder?.FullName
                ?? throw new GpuRnnException("The current folder is in no checkout (no GpuRnn.sln above it): say --docs FOLDER.");
        }
    }

    public string Docs => Path.Combine(root, "docs");

    IEnumerable<string> Files =>
        Directory.GetFiles(Docs, "*.md").Order(StringComparer.Ordinal).Prepend(Path.Combine(root, "README.md")).Where(File.Exists);

    /// <summary>The machines whose results they show: names of folders.</summary>
    public IReadOnlyList<string> Machines =>
        [.. Files.SelectMany(Shown).Select(shown => shown.Machine).Distinct().Order(StringComparer.Ordinal)];

    static IEnumerable<(string Section, string Machine)> Shown(string path) => Markers.In(File.ReadAllText(path));

    /// <summary>One line for every section, and for every picture that is there, that is not what the results say.</summary>
    public List<string> Differences(ResultsFolder folder) =>
    [
        .. Filled(folder)
            .SelectMany(f => f.Changed.Select(name => $"{f.Name}: what stands at bench:{name} is not what {folder.Path} says")),
        .. Pictures(folder).Where(p => p.IsOther && File.Exists(p.Path)).Select(p => $"{p.Name} is not what {folder.Path} says"),
    ];

    /// <summary>Writes what the results say. Returns a line for every section that changed.</summary>
    public List<string> Write(ResultsFolder folder)
    {
        List<(string Name, string Path, string Text, List<string> Changed)> all = [.. Filled(folder)]; // all is right before any is written
        foreach (var file in all.Where(f => f.Changed.Count > 0))
            AtomicFile.Write(file.Path, stream => stream.Write(Encoding.UTF8.GetBytes(file.Text)));
        Picture[] pictures = [.. Pictures(folder).Where(p => p.IsOther)];
        foreach (Picture picture in pictures) AtomicFile.Write(picture.Path, stream => stream.Write(Encoding.UTF8.GetBytes(picture.Svg)));
        return [.. all.SelectMany(f => f.Changed.Select(name => $"{f.Name}: {name}")), .. pictures.Select(p => p.Name)];
    }

    /// <summary>A picture of the results, and what is to be in its file.</summary>
    readonly record struct Picture(string Name, string Path, string Svg)
    {
        public bool IsOther => !File.Exists(Path) || File.ReadAllText(Path) != Svg;
    }

    /// <summary>They belong to the machine of which the documents show the LSTM's table.</summary>
    IEnumerable<Picture> Pictures(ResultsFolder folder)
    {
        if (!Files.SelectMany(Shown).Contains(("lstm-forward", folder.Name))) yield break;
        foreach ((string name, Chart chart) in new[] { ("peers.svg", PeersPlot.Of(folder)), ("roofline.svg", RooflinePlot.Of(folder)) })
            yield return new(Path.Combine("docs", name), Path.Combine(Docs, name), SvgWriter.Document(chart, PictureWidth));
    }

    IEnumerable<(string Name, string Path, string Text, List<string> Changed)> Filled(ResultsFolder folder)
    {
        foreach (string path in Files)
        {
            string name = Path.GetRelativePath(root, path);
            (string text, List<string> changed) = Markers.Fill(name, File.ReadAllText(path).ReplaceLineEndings("\n"), folder);
            yield return (name, path, text, changed);
        }
    }
}
