using System.Text.Json;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>`gpurnn vocabulary` on a text whose numbers are known, and on files that are none.</summary>
[Parallelizable]
public class VocabularyCommandTests
{
    string folder = "", file = "", run = "";

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;
        (file, run) = (Path.Combine(folder, "text.txt"), Path.Combine(folder, "run"));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    /// <summary>
    /// word1 once, word2 twice, ... word99: 4950 words; the twenty most frequent are 80 to 99. The last tenth has words of its own.
    /// </summary>
    [Test]
    public void WhatIsKnownIsFound()
    {
        IEnumerable<string> first = Enumerable.Range(1, 99).SelectMany(i => Enumerable.Repeat($"Word{i}", i)),
            last = Enumerable.Range(0, 550).Select(i => i % 2 == 0 ? "word99" : $"new{i}");
        File.WriteAllText(file, string.Join('\n', [.. first, .. last]));
        string printed = CommandProcess.Good("vocabulary", file, "--size", "24", "--out", run, "--json");
        Assert.That(printed.Trim(), Is.EqualTo(File.ReadAllText(Path.Combine(run, "metrics.json")).Trim()));
        using JsonDocument document = JsonDocument.Parse(printed);
        JsonElement json = document.RootElement;
        double covered = (99 * 100 - 79 * 80) / 2 + 275;
        (string Name, double Value)[] expected =
        [
            ("words", 5500), ("distinct_words", 99 + 275),
            ("distinct_characters", "Wordw0123456789ne".Length),
            ("characters", string.Concat([.. first, .. last]).Length),
            ("size", 24),
            ("coverage", covered / 5500),
            ("unknown_words", 1 - covered / 5500),
            ("unknown_words_last_tenth", 0.5),
            ("one_hot_numbers_a_step", 24), ("index_numbers_a_step", 1),
            ("one_hot_bytes", 5500 * 24 * 4), ("index_bytes", 5500 * 4),
            ("words_that_occur_once", 276),
        ];
        foreach ((string name, double value) in expected)
            Assert.That(json.GetProperty(name).GetDouble(), Is.EqualTo(value).Within(1e-12), name);
        Assert.That(json.GetProperty("most_frequent")[0].GetProperty("word").GetString(), Is.EqualTo("word99"));
        Assert.That(json.GetProperty("most_frequent")[0].GetProperty("count").GetInt32(), Is.EqualTo(99 + 275));
        Assert.That(json.GetProperty("rarest")[0].GetProperty("count").GetInt32(), Is.EqualTo(1));
        Assert.That(
            WordVocabulary.Load(Path.Combine(run, "vocabulary.json")).Words.Skip(4),
            Is.EqualTo(Enumerable.Range(80, 20).Reverse().Select(i => $"word{i}")));
        JsonElement[] curve = [.. json.GetProperty("coverage_by_size").EnumerateArray()];
        Assert.That(curve.Select(p => p.GetProperty("coverage").GetDouble()), Is.Ordered);
        Assert.That(curve[^1].GetProperty("coverage").GetDouble(), Is.EqualTo(1));
        Assert.That(curve[^1].GetProperty("size").GetInt32(), Is.EqualTo(99 + 275 + 4));
        Assert.That(File.ReadAllText(Path.Combine(run, "report.html")),
            Does.Contain("<h1>vocabulary</h1>").And.Contain("word99").And.Not.Contain("<script"));
        Assert.That(new FileInfo(Path.Combine(run, "coverage.png")).Length, Is.GreaterThan(1000));
    }

    [TestCase("", "is empty"), TestCase("\n \n", "has no words"), TestCase("fine\n\u00FF\n", "line 2 is not UTF-8")]
    public void FilesThatAreNoTextsAreTold(string latin, string expected)
    {
        File.WriteAllBytes(file, System.Text.Encoding.Latin1.GetBytes(latin));
        CommandProcess.Refused(["vocabulary", file, "--out", run], $"'{file}'", expected);
        Assert.That(Directory.Exists(run), Is.False);
    }

    [TestCase("vocabulary /nowhere/at/all", "/nowhere/at/all"),
    TestCase("vocabulary . --size 4", "--size is 4"),
    TestCase("vocabulary . --size x", "--size"),
    TestCase("vocabulary", "gpurnn vocabulary --help")]
    public void WhatCannotBeIsTold(string arguments, string expected) => CommandProcess.Refused(arguments.Split(' '), expected);
}
