using System.Globalization;
using System.Text.Json;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>
/// Ctrl-C and SIGTERM at any moment: an end within two seconds, exit code 130, and what was learned is kept; what was there before, too.
/// </summary>
[Platform("Linux")]
[Category("Long")]
public class InterruptionTests : RunTests
{
    /// <summary>Two seconds, where the machine has nothing else to do; where it has, everything takes that much longer.</summary>
    static int Soon => (int)(2000 * Math.Max(1, double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        / Environment.ProcessorCount));

    static string[] FilesIn(string folder) =>
        [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    /// <summary>The files of a small run that ended well, with their bytes.</summary>
    Dictionary<string, byte[]> Earlier()
    {
        CommandProcess.Good("train", "exam", "--students", "500", "--hidden", "4", "--batch", "16", "--steps", "30", "--out", run,
            "--json");
        return FilesIn(run).ToDictionary(f => f, f => File.ReadAllBytes(Path.Combine(run, f)));
    }

    /// <summary>Far more data than a moment can draw.</summary>
    [TestCase("exam --students 16000000"), TestCase("sentiment --reviews 16000000"), TestCase("captions --pictures 60000")]
    [TestCase("translation --pairs 16000000"), TestCase("jets --jets 16000000")]
    public void WhileDataIsMadeItEndsSoonAndNothingIsWritten(string task)
    {
        using RunningCommand command = RunningCommand.Interruptible(["train", .. task.Split(' '), "--out", run]);
        command.WaitUntilItWorks();
        command.Signal("INT");
        Assert.That(command.End(Soon).Code, Is.EqualTo(130));
        Assert.That(Directory.Exists(run), Is.False);
    }

    /// <summary>A text of 30 million characters, read from a file.</summary>
    [Test]
    public void WhileDataIsReadItEndsSoon()
    {
        string text = Path.Combine(folder, "text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("there is nothing to like in this text.\n", 3_000_000)));
        using RunningCommand command = RunningCommand.Interruptible("train", "text", "--data", text, "--out", run);
        command.WaitUntilItWorks();
        command.Signal("INT");
        Assert.That(command.End(Soon).Code, Is.EqualTo(130));
        Assert.That(Directory.Exists(run), Is.False);
    }

    [Test]
    public void BeforeTheFirstStepAnEarlierRunIsLeftAsItWas()
    {
        Dictionary<string, byte[]> before = Earlier();
        using RunningCommand command = RunningCommand.Interruptible("train", "exam", "--overwrite", "--students", "16000000", "--out", run);
        command.WaitUntilItWorks();
        command.Signal("TERM");
        Assert.That(command.End(Soon).Code, Is.EqualTo(130));
        Assert.That(FilesIn(run), Is.EqualTo(before.Keys));
        foreach ((string file, byte[] bytes) in before) Assert.That(File.ReadAllBytes(Path.Combine(run, file)), Is.EqualTo(bytes), file);
    }

    /// <summary>In its steps: model and checkpoint are of the same step, metrics say how far it came, and it can go on.</summary>
    [TestCase("INT"), TestCase("TERM")]
    public void WhileItTrainsItKeepsWhatItLearned(string signal)
    {
        using RunningCommand command = RunningCommand.Interruptible(
            "train", "text", "--hidden", "16", "--batch", "4", "--unroll", "16", "--steps", "10000000", "--out", run);
        command.WaitFor(() => Directory.Exists(run)); // the data is there
        Thread.Sleep(2000);
        command.Signal(signal);
        CommandResult ended = command.End(Soon);
        Assert.That(ended.Code, Is.EqualTo(130), ended.Out + ended.Error);
        Assert.That(ended.Error, Does.Contain("--resume").And.Contain("not judged"));
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")));
        int steps = metrics.RootElement.GetProperty("steps").GetInt32();
        Assert.That(steps, Is.GreaterThan(0));
        Assert.That(metrics.RootElement.GetProperty("seconds").GetDouble(), Is.GreaterThan(0.5));
        Assert.That(metrics.RootElement.TryGetProperty("test_nats_per_character", out _), Is.False, "it was not judged");
        Assert.That(File.ReadAllText(Path.Combine(run, "report.html")), Does.Contain($"{steps} steps").And.Contain("not judged"));
        foreach (string file in new[] { "model.safetensors", "training.safetensors" })
            Assert.That(RunFolderTests.StepsOf(Path.Combine(run, file)), Is.EqualTo(steps), file);
        using JsonDocument more =
            JsonDocument.Parse(CommandProcess.Good("train", "text", "--resume", run, "--steps", $"{steps + 3}", "--json"));
        Assert.That(more.RootElement.GetProperty("steps").GetInt32(), Is.EqualTo(steps + 3));
    }

    /// <summary>After its steps: a search over a thousand sentences takes longer than anybody waits.</summary>
    [TestCase("translation", "--pairs 2000"), TestCase("captions", "--pictures 1000", Category = "Long"),
        TestCase("jets", "--jets 10000", Category = "Long")]
    public void WhileItIsJudgedItEndsSoon(string task, string data)
    {
        using RunningCommand command = RunningCommand.Interruptible(
            ["train", task, .. data.Split(' '), "--hidden", "8", "--batch", "8", "--steps", "2", "--out", run]);
        command.WaitFor(() => File.Exists(Path.Combine(run, "model.safetensors")));
        Thread.Sleep(100);
        command.Signal("INT");
        Assert.That(command.End(Soon).Code, Is.EqualTo(130));
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")));
        Assert.That(metrics.RootElement.GetProperty("steps").GetInt32(), Is.EqualTo(2));
        Assert.That(metrics.RootElement.TryGetProperty("bleu4", out _) || metrics.RootElement.TryGetProperty("auc", out _), Is.False);
    }
}
