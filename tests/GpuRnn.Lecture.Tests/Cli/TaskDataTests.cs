using System.Text;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>Data of one's own that cannot be: one line that names the file, and the line of it where there is one.</summary>
[Parallelizable]
public class TaskDataTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    void AssertRefused(string task, byte[] content, params string[] expected)
    {
        string path = Path.Combine(folder, "my data");
        File.WriteAllBytes(path, content);
        CommandProcess.Refused(["train", task, "--data", path, "--steps", "1", "--out", Path.Combine(folder, "run")],
            [$"'{path}'", .. expected]);
        Assert.That(Directory.Exists(Path.Combine(folder, "run")), Is.False, "nothing is begun");
    }

    [TestCase("", "is empty")]
    [TestCase("hours,pass\n", "a header and no rows")]
    [TestCase("pass\n1\n0\n", "line 1 has one column")]
    [TestCase("hours,marks,pass\n1,2,0\n3,4\n", "line 3 has 2 columns; the header has 3")]
    [TestCase("hours,marks,pass\n1,2,0\n\n3,4,1,5\n", "line 4 has 4 columns; the header has 3")]
    [TestCase("hours,pass\n1,0\n2,1\nmany,1\n", "line 4: column 'hours' is 'many'; expected a number")]
    [TestCase("hours,pass\n1,0\nNaN,1\n", "line 3: column 'hours' is 'NaN'; expected a number")]
    [TestCase("hours,pass\n1e99,0\n2,1\n", "line 2: column 'hours' is '1e99'; expected a number")]
    [TestCase("hours,pass\n1,0\n2,2\n", "line 3: column 'pass' is '2'; expected 0 or 1")]
    [TestCase("pass,hours\n,1\n", "line 2: column 'pass' is ''; expected 0 or 1")]
    [TestCase("hours,passed\n1,1\n2,1\n", "column 'passed' is 1 in all 2 rows")]
    [TestCase("hours,pass\n1,0\n2,1\n", "2 rows: too few")]
    public void StudentsThatCannotBeAreTold(string content, string expected) =>
        AssertRefused("exam", Encoding.UTF8.GetBytes(content), expected);

    [Test]
    public void StudentsThatAreNotUtf8AreTold() =>
        AssertRefused("exam", [.. "hours,pass\n1,0\n"u8, 0xE9, .. ",1\n"u8], "line 3 is not UTF-8");

    [TestCase("", "is empty")]
    [TestCase("good\tfine\nbad awful\n", "line 2 has 0 tabs; expected LABEL<TAB>TEXT")]
    [TestCase("good\tfine\tvery\n", "line 1 has 2 tabs; expected LABEL<TAB>TEXT")]
    [TestCase("good\tfine\nbad\t \n", "line 2 has no text after its tab")]
    [TestCase("good\tfine\n \tawful\n", "line 2 has no label before its tab")]
    [TestCase("good\tfine\ngood\tnice\n", "all 2 lines have the label 'good'")]
    [TestCase("good\tfine\nbad\tawful\n", "2 lines: too few")]
    [TestCase("good\tfine\nbad\tawful\n\n", "line 3 has 0 tabs")]
    public void ReviewsThatCannotBeAreTold(string content, string expected) =>
        AssertRefused("sentiment", Encoding.UTF8.GetBytes(content), expected);

    [Test]
    public void ReviewsThatAreNotUtf8AreTold() =>
        AssertRefused("sentiment", [.. "good\tfine\nbad\t"u8, 0xFF, (byte)'\n'], "line 2 is not UTF-8");

    [Test]
    public void ThousandsOfLabelsAreTold() =>
        AssertRefused(
            "sentiment",
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1200).Select(i => $"label {i}\tx\n"))),
            "line 1001 has the 1001st label");

    [TestCase("", "is empty")]
    [TestCase("a dog\tun chien\na cat un chat\n", "line 2 has no tab")]
    [TestCase("a dog\tun chien\tein Hund\n", "line 1 has 2 tabs")]
    [TestCase("a dog\t\n", "line 1 has nothing after the tab")]
    [TestCase("a dog\tun chien\n", "1 pairs: too few")]
    public void PairsThatCannotBeAreTold(string content, string expected) =>
        AssertRefused("translation", Encoding.UTF8.GetBytes(content), expected);

    [Test]
    public void FoldersOfPicturesThatCannotBeAreTold()
    {
        string pictures = Path.Combine(folder, "pictures");
        void Told(params string[] expected) =>
            CommandProcess.Refused(
                ["train", "captions", "--data", pictures, "--steps", "1", "--out", Path.Combine(folder, "run")],
                expected);
        Told("pictures");
        Directory.CreateDirectory(pictures);
        Told("has no captions.tsv");
        File.WriteAllText(Path.Combine(pictures, "captions.tsv"), "a.png\ta dog\n");
        Told("line 1", "'a.png' is not in the folder");
        File.WriteAllText(Path.Combine(pictures, "a.png"), "no picture at all, but long enough");
        Told("line 1", "'a.png' is no PNG file");
        Assert.That(Directory.Exists(Path.Combine(folder, "run")), Is.False, "nothing is begun");
    }

    [TestCase("jets.csv", "E_0,PX_0,PY_0,PZ_0\n1,1,0,0\n", "is_signal_new")]
    [TestCase("jets.csv", "E_0,PX_0,PY_0,PZ_0,is_signal_new\n600,600,0,0,2\n", "is_signal_new")]
    [TestCase("jets.csv", "", "jets.csv")]
    [TestCase("jets.txt", "E_0\n", ".h5, .hdf5, .hdf, .parquet or .csv")]
    [TestCase("jets.h5", "not HDF5", "jets.h5")]
    [TestCase("jets.parquet", "not Parquet", "jets.parquet")]
    public void JetsThatCannotBeAreTold(string name, string content, string expected)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        CommandProcess.Refused(["train", "jets", "--data", path, "--steps", "1", "--out", Path.Combine(folder, "run")], path, expected);
    }

    /// <summary>
    /// Windows' line ends, a byte order mark, quotes, columns in any order, words for labels: files as programs write them.
    /// </summary>
    [Test]
    public void StudentsOfOnesOwnAreLearned()
    {
        string path = Path.Combine(folder, "students.csv");
        IEnumerable<string> rows = Enumerable.Range(0, 600).Select(i => $"\"{i % 20}\", {(i % 20 > 9 ? "yes" : "no")} ,7");
        File.WriteAllText(path, "\uFEFFhours,pass,\"always, 7\"\r\n" + string.Join("\r\n", rows));
        string run = Path.Combine(folder, "run");
        using var json = System.Text.Json.JsonDocument.Parse(
            CommandProcess.Good(
                "train", "exam", "--data", path,
                "--steps", "300", "--batch", "64",
                "--out", run, "--json"));
        Assert.That(json.RootElement.GetProperty("accuracy").GetDouble(), Is.EqualTo(1), "above 9 hours they pass");
        Assert.That(json.RootElement.TryGetProperty("law_log_loss", out _), Is.False, "of such data no law is known");
    }

    [Test]
    public void ReviewsOfOnesOwnAreLearned()
    {
        string path = Path.Combine(folder, "reviews.tsv");
        File.WriteAllLines(path,
            Enumerable.Range(0, 600).Select(i =>
                $"{(i % 3) switch { 0 => "so-so", 1 => "good", _ => "bad" }}\tIt was "
                + $"{(i % 3) switch { 0 => "OK", 1 => "fine", _ => "awful" }}, {(i % 7 == 0 ? "really" : "I say")}!"));
        using var json = System.Text.Json.JsonDocument.Parse(
            CommandProcess.Good(
                "train", "sentiment", "--data", path,
                "--steps", "60", "--hidden", "16", "--rate", "0.02",
                "--out", Path.Combine(folder, "run"), "--json"));
        Assert.That(json.RootElement.GetProperty("accuracy").GetDouble(), Is.EqualTo(1));
        Assert.That(json.RootElement.GetProperty("confusion").GetArrayLength(), Is.EqualTo(3));
    }
}
