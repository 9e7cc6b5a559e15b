using GpuRnn.Bench.Documents;
using GpuRnn.Bench.Results;

namespace GpuRnn.Tests.Docs;

/// <summary>Figures in documents are those of a file: what `report --write` would write is what stands there.</summary>
public class ReportTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    /// <summary>Of every machine that they name, and all results are shown somewhere.</summary>
    [Test]
    public void DocumentsShowResults()
    {
        DocumentFolder documents = new(Repository.Root);
        string results = Path.Combine(Repository.Root, "bench", "results");
        Assert.That(documents.Machines,
            Is.EqualTo(Directory.GetDirectories(results).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        string[] differences =
            [.. documents.Machines.SelectMany(m => documents.Differences(new ResultsFolder(Path.Combine(results, m))))];
        Assert.That(differences, Is.Empty,
            "run: dotnet run -c Release --project bench/GpuRnn.Bench -- report bench/results/MACHINE --write");
    }

    [Test]
    public void AnEditedFigureIsFound()
    {
        DocumentFolder documents = Sample(
            "# Title\n\n"
            + "<!-- bench:lstm-forward results -->\n<!-- /bench:lstm-forward results -->\n"
            + "and <!-- bench:lstm-forward-mean results --><!-- /bench:lstm-forward-mean results --> times\n");
        ResultsFolder results = new(Path.Combine(folder, "results"));
        Assert.That(documents.Differences(results), Has.Count.EqualTo(2));
        Assert.That(documents.Write(results), Has.Count.EqualTo(2 + 2), "and two pictures");
        Assert.That(documents.Differences(results), Is.Empty);
        string path = Path.Combine(folder, "README.md"), text = File.ReadAllText(path);
        Assert.That(text, Does.Contain("| 2, 3, 4, 5 ").And.Contain("200, 80% (70 to 90)").And.Contain("--> times").And.Contain(
            "-->1.60<!--"));
        File.WriteAllText(path, text.Replace("80%", "81%"));
        Assert.That(documents.Differences(results),
            Is.EqualTo(new[] { $"README.md: what stands at bench:lstm-forward is not what {results.Path} says" }));
        File.WriteAllText(path, text.Replace("-->1.60<!--", "-->1.61<!--"));
        Assert.That(documents.Differences(results), Has.Count.EqualTo(1));
    }

    /// <summary>Pictures are written with the text, and one that is of other results is told.</summary>
    [Test]
    public void PicturesAreOfTheResults()
    {
        DocumentFolder documents = Sample("<!-- bench:lstm-forward results -->\n<!-- /bench:lstm-forward results -->\n");
        ResultsFolder results = new(Path.Combine(folder, "results"));
        Assert.That(documents.Write(results), Is.EqualTo(new[] { "README.md: lstm-forward", "docs/peers.svg", "docs/roofline.svg" }));
        Assert.That(documents.Differences(results), Is.Empty);
        string peers = Path.Combine(folder, "docs", "peers.svg");
        Assert.That(File.ReadAllText(peers),
            Does.Contain("a, 2 cores, 2025-01-01, commit abc").And.Contain("2, 3, 4, 5, gpurnn: 80 (70 to 90)"));
        File.WriteAllText(peers, File.ReadAllText(peers).Replace("gpurnn: 80", "gpurnn: 81"));
        Assert.That(documents.Differences(results), Has.Count.EqualTo(1).And.All.Contains("docs/peers.svg"));
    }

    [TestCase("<!-- bench:lstm-forward results -->", "must be followed by")]
    [TestCase("<!-- bench:lstm-forward results --><!-- /bench:readme results -->", "must be followed by")]
    [TestCase("<!-- /bench:readme results -->", "was not opened")]
    [TestCase("<!-- bench:speed results --><!-- /bench:speed results -->", "there is no 'speed'")]
    [TestCase("<!-- bench:memory results --><!-- /bench:memory results -->", "has no memory.json")]
    [TestCase("<!-- bench:memory --><!-- /bench:memory -->", "names no machine")]
    [TestCase("<!-- bench:gru-forward results --><!-- /bench:gru-forward results -->", "has no gru forward")]
    public void WrongMarkersAreOneClearLine(string text, string reason)
    {
        DocumentFolder documents = Sample(text);
        GpuRnnException e = Assert.Throws<GpuRnnException>(() => documents.Write(new ResultsFolder(Path.Combine(folder, "results"))))!;
        Assert.That(e.Message, Does.Contain(reason).And.Not.Contain("\n"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "README.md")), Is.EqualTo(text));
    }

    /// <summary>A checkout with this README and results of one row, in which gpurnn reaches 80% and libtorch 50%.</summary>
    DocumentFolder Sample(string readme)
    {
        Directory.CreateDirectory(Path.Combine(folder, "docs"));
        Directory.CreateDirectory(Path.Combine(folder, "results"));
        File.WriteAllText(Path.Combine(folder, "README.md"), readme);
        static string Library(string name, double share) => FormattableString.Invariant($$"""
            {"library":"{{name}}","seconds":1,"seconds_min":1,"seconds_max":1,"gflops":{{share * 250}},"peak_gflops":250,
             "share":{{share}},"share_min":{{share - 0.1}},"share_max":{{share + 0.1}},"rounds":5}
            """);
        File.WriteAllText(Path.Combine(folder, "results", "peers.json"), $$"""
            {"date":"2025-01-01","commit":"abc","machine":{"cpu":"a","cores":2,"vector_bits":512,"memory_gb":8},
             "versions":{"dotnet":"1","ilgpu":"1","onnxruntime":"1","torchsharp":"1","libtorch":"1"},"bandwidth_gbs":40,
             "results":[{"suite":"lstm","cell":"lstm","pass":"forward","t":2,"b":3,"i":4,"h":5,"layers":1,"directions":1,"flop":2160,
                         "libraries":[{{Library("gpurnn", 0.8)}},{{Library("libtorch", 0.5)}}]}]}
            """);
        return new(folder);
    }
}
