using System.Text.Json;

namespace GpuRnn.Tests.Cli;

/// <summary>The command as a process: exit codes, what is on which stream, files.</summary>
[Parallelizable]
public class CommandTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    static CommandResult Run(params string[] arguments) => CommandProcess.Run(arguments);

    static IEnumerable<TestCaseData> Bad() => new[]
    {
        "nonsense", "train", "train texts", "train text --nonsense", "train text --steps 0",
        "train text --steps x", "train text --steps 5 --minutes 1", "train text --cell lstn",
        "train text --device cuda:77", "train text --schedule up",
        "train text --optimizer best", "train text --dropout 1",
        "train text --unroll 0", "train text --accumulate 0",
        "train text --clip-norm one", "train exam --data /nowhere.csv",
        "sample --model . --top-p 0", "train text --data /nowhere/at/all.txt",
        "train text --hidden -3", "train text --clip -1", "train text --rate 0",
        "train text --resume /nowhere/at/all",
        "sample", "sample --model /nowhere/at/all", "bench --shape 1,2,3", "bench --shape 0,1,1,1",
        "bench --cell x", "bench --pass sideways",
        "check /nowhere/at/all.safetensors", "check --precision half",
        "check --device gpu", "devices extra",
    }.Select(a => new TestCaseData(a.Split(' ').ToList()).SetArgDisplayNames(a));

    [TestCaseSource(nameof(Bad))]
    public void BadInputIsOneClearLineAndExitCodeTwo(List<string> arguments)
    {
        CommandResult r = Run([.. arguments]);
        Assert.That(r.Code, Is.EqualTo(2), r.Out + r.Error);
        Assert.That(r.Error.TrimEnd().Split('\n'), Has.Length.InRange(1, 3));
        Assert.That(r.Error, Does.StartWith("gpurnn: ").And.Not.Contain("   at "));
    }

    [Test]
    public void LyingFilesAreRefused()
    {
        string lying = Path.Combine(folder, "case.safetensors");
        foreach (byte[] bytes in new[] { [], new byte[8], [255, 255, 255, 255, 255, 255, 255, 127, 123],
            [.. BitConverter.GetBytes(2L), .. "{}"u8] })
        {
            File.WriteAllBytes(lying, bytes);
            CommandResult r = Run("check", lying);
            Assert.That(r.Code, Is.EqualTo(2), r.Out + r.Error);
            Assert.That(r.Error.TrimEnd().Split('\n'), Has.Length.InRange(1, 3));
        }
        File.Delete(lying);
        Assert.That(Run("check", folder).Code, Is.EqualTo(2), "a folder without cases");
        File.WriteAllBytes(Path.Combine(folder, "text"), [.. new byte[2000], 0xC3, 0x28]);
        Assert.That(Run("train", "text", "--data", Path.Combine(folder, "text"), "--steps", "1").Code, Is.EqualTo(2), "not UTF-8");
    }

    [Test, NonParallelizable]
    public void DevicesAreListedAsJson()
    {
        CommandResult r = Run("devices", "--json");
        Assert.That(r.Code, Is.Zero, r.Error);
        using JsonDocument json = JsonDocument.Parse(r.Out);
        Assert.That(json.RootElement.GetArrayLength(), Is.AtLeast(1));
    }

    [Test, NonParallelizable]
    public void BenchIsJson()
    {
        CommandResult r = Run("bench", "--shape", "3,2,8,16", "--pass", "forward", "--device", "cpu", "--json");
        Assert.That(r.Code, Is.Zero, r.Error);
        using JsonDocument json = JsonDocument.Parse(r.Out);
        JsonElement row = json.RootElement[0];
        Assert.That(row.GetProperty("cell").GetString(), Is.EqualTo("lstm"));
        Assert.That(row.GetProperty("pass").GetString(), Is.EqualTo("forward"));
        double seconds = row.GetProperty("seconds").GetDouble(), flops = 8.0 * 3 * 2 * 16 * (8 + 16);
        Assert.That(row.GetProperty("gflops").GetDouble(), Is.EqualTo(flops / seconds / 1e9).Within(1).Percent);
        Assert.That(row.GetProperty("peak_gflops").GetDouble(), Is.GreaterThan(1));
        Assert.That(row.GetProperty("h").GetInt32(), Is.EqualTo(16));
    }

    /// <summary>Floats beside doubles: not the same, and not far.</summary>
    [TestCase("forward", 1), TestCase("training", 1), TestCase("training", 40), NonParallelizable]
    public void BenchSaysHowRightAPassIs(string pass, int sequences)
    {
        CommandResult r = Run("bench", "--shape", $"4,{sequences},8,16", "--pass", pass, "--device", "cpu", "--errors", "--json");
        Assert.That(r.Code, Is.Zero, r.Error);
        using JsonDocument json = JsonDocument.Parse(r.Out);
        JsonElement row = json.RootElement[0];
        Assert.That(row.GetProperty("output_error").GetDouble(), Is.InRange(1e-9, 1e-6));
        Assert.That(row.TryGetProperty("gradient_error", out JsonElement error), Is.EqualTo(pass == "training"));
        if (pass == "training") Assert.That(error.GetDouble(), Is.InRange(1e-9, 1e-6));
        Assert.That((row.GetProperty("runs").GetInt32(), row.GetProperty("same_bits").GetBoolean()), Is.EqualTo((10, true)));
    }

    [Test]
    public void SelfCheckIsGreen()
    {
        CommandResult r = Run("check", "--device", "cpu");
        Assert.That(r.Code, Is.Zero, r.Out + r.Error);
        Assert.That(Run("check", "--device", "cpu", "--precision", "double").Code, Is.Zero);
        Assert.That(Run("check", "--device", "cpu", "--tolerance", "1e-12").Code, Is.EqualTo(1), "no float is that right");
    }
}
