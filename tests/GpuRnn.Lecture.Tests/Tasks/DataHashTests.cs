using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using SkiaSharp;

namespace GpuRnn.Lecture.Tests.Tasks;

/// <summary>A run goes on with the data that it was trained on: whatever is changed in a file, the data's hash tells.</summary>
public class DataHashTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    /// <summary>Line 150 of the files below is replaced by another one that is as good.</summary>
    [TestCase("text", ".txt", "line 150 of a text", "line 150 of a test")]
    [TestCase("exam", ".csv", "150,3,1", "150,3,0"), TestCase("exam", ".csv", "150,3,1", "150,4,1")]
    [TestCase("sentiment", ".tsv", "good\tline 150", "bad\tline 150"), TestCase("sentiment", ".tsv", "good\tline 150", "good\tline 151")]
    [TestCase("sentiment", ".tsv", "good\tline 150\ngood\tfine", "good\tline 150\ngood\tfi ne")]
    [TestCase("translation", ".tsv", "a dog 150\tun chien 150", "a cat 150\tun chien 150")]
    [TestCase("translation", ".tsv", "a dog 150\tun chien 150", "a dog 150\tun chat 150")]
    [TestCase("jets", ".csv", "600,500,300,100,1", "600,500,300,100,0"), TestCase("jets", ".csv", "600,500,300,100,1", "600,500,100,300,1")]
    [TestCase("captions", "", "b.png\ta dog", "b.png\ta cat"), TestCase("captions", "", "b.png\ta dog", "a.png\ta dog")]
    public void AnotherLineIsOtherData(string task, string ending, string line, string other)
    {
        string[] hashes = [Hash(task, ending, line), Hash(task, ending, line), Hash(task, ending, other)];
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
        Assert.That(hashes[2], Is.Not.EqualTo(hashes[0]));
    }

    [Test]
    public void AnotherPictureIsOtherData()
    {
        string before = Hash("captions", "", "b.png\ta dog");
        Assert.That(Hash("captions", "", "b.png\ta dog", shade: 41), Is.Not.EqualTo(before));
    }

    string Hash(string task, string ending, string line, byte shade = 40)
    {
        string path = Path.Combine(folder, $"data{ending}");
        string Line(int i) => i == 150 ? line : task switch
        {
            "text" => $"line {i} of a text",
            "exam" => $"{i},{i % 7},{i % 2}",
            "sentiment" => $"{(i % 2 == 0 ? "good" : "bad")}\tline {i}",
            "translation" => $"a dog {i}\tun chien {i}",
            "jets" => string.Create(CultureInfo.InvariantCulture, $"{600 + i},500,300,100,{i % 2}"),
            _ => $"{(i % 2 == 0 ? "a" : "b")}.png\tpicture {i}",
        };
        string header = task switch { "exam" => "hours,marks,pass\n", "jets" => "E_0,PX_0,PY_0,PZ_0,is_signal_new\n", _ => "" };
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        string file = task == "captions" ? Path.Combine(folder, "data", "captions.tsv") : path;
        File.WriteAllText(file, header + string.Concat(Enumerable.Range(0, 420).Select(i => Line(i) + "\n")));
        if (task == "captions")
            foreach ((string name, byte tone) in new[] { ("a", (byte)200), ("b", shade) })
                Draw(Path.Combine(folder, "data", $"{name}.png"), tone);
        TrainingTask known = TaskCatalog.Tasks.Single(t => t.Name == task);
        TrainOptions options =
            TaskLearningTests.Small(known) with { Data = task == "captions" ? Path.Combine(folder, "data") : path, Batch = 4 };
        using TaskRun run = known.Open(TestDevices.Get("cpu"), options);
        return run.DataHash;
    }

    static void Draw(string path, byte tone)
    {
        using SKBitmap bitmap = new(64, 64);
        bitmap.Erase(new SKColor(tone, tone, tone));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}
