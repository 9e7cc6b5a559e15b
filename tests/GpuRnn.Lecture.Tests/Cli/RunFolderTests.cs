using System.Globalization;
using System.Text.Json;
using GpuRnn.Interop;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>A run's folder is whole, whatever happened to the run, and is not replaced unasked.</summary>
[Category("Long")]
public class RunFolderTests : RunTests
{
    static readonly string[] s_exam =
    [
        "train", "exam", "--students", "500", "--hidden", "4", "--batch", "16", "--horizon", "200", "--patience", "50", "--json",
    ];

    string In(string name) => Path.Combine(run, name);

    /// <summary>How many steps a file of a run says were taken.</summary>
    public static int StepsOf(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return int.Parse(file.Metadata["steps"], CultureInfo.InvariantCulture);
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), true);
    }

    [Test]
    public void ARunIsReplacedOnlyWhereThatIsAsked()
    {
        CommandProcess.Good([.. s_exam, "--steps", "40", "--out", run]);
        Dictionary<string, byte[]> before = Directory.GetFiles(run).ToDictionary(f => f, File.ReadAllBytes);
        string text = Path.Combine(folder, "text.txt");
        File.WriteAllText(text, "some words");
        CommandProcess.Refused([.. s_exam, "--out", run], run, "--overwrite", "--resume", "another folder");
        CommandProcess.Refused(["train", "text", "--out", run], run, "--overwrite");
        CommandProcess.Refused(["lab", "memory", "--out", run], run, "another folder");
        CommandProcess.Refused(["vocabulary", text, "--out", run], run, "another folder");
        Assert.That(Directory.GetFiles(run), Is.EquivalentTo(before.Keys));
        foreach ((string file, byte[] bytes) in before) Assert.That(File.ReadAllBytes(file), Is.EqualTo(bytes), file);
        CommandProcess.Refused(["train", "exam", "--resume", run, "--overwrite"], "leave --overwrite out");

        // 5 steps are too few for a best model: that of the old run goes with it
        Assert.That(File.Exists(In("best.safetensors")), "40 steps are enough");
        CommandProcess.Good([.. s_exam, "--steps", "5", "--out", run, "--overwrite"]);
        Assert.That(StepsOf(In("model.safetensors")), Is.EqualTo(5));
        Assert.That(File.Exists(In("best.safetensors")), Is.False);
    }

    /// <summary>
    /// What a kill leaves behind between the renames of a save: the checkpoint is the new one, all else is old, missing or half-written.
    /// A run that goes on, even by no step, makes the folder what it would have been.
    /// </summary>
    [TestCase("best.safetensors"), TestCase("model.safetensors", Category = "Long"), TestCase("vocabulary.json", Category = "Long")]
    public void ARunThatGoesOnMakesItsFolderWhole(string left)
    {
        string[] text =
        [
            "train", "text", "--hidden", "8", "--batch", "4", "--unroll", "16", "--horizon", "40", "--patience", "9", "--json"
        ];
        string half = Path.Combine(folder, "half");
        CommandProcess.Good([.. text, "--steps", "20", "--out", half]);
        Copy(half, run);
        CommandProcess.Good("train", "text", "--resume", run, "--steps", "40", "--json");
        Dictionary<string, byte[]> whole = new[] { "training.safetensors", "model.safetensors", "best.safetensors", "vocabulary.json" }
            .ToDictionary(f => f, f => File.ReadAllBytes(In(f)));
        if (left == "vocabulary.json") File.Delete(In(left));
        else File.Copy(Path.Combine(half, left), In(left), true);
        string temporary = In(".gpurnn-abcdefgh.abc.tmp"), other = In(".other.tmp");
        File.WriteAllText(temporary, "half");
        File.WriteAllText(other, "not ours");
        CommandProcess.Good("train", "text", "--resume", run, "--steps", "40", "--json");
        foreach ((string file, byte[] bytes) in whole) Assert.That(File.ReadAllBytes(In(file)), Is.EqualTo(bytes), file);
        Assert.That(File.Exists(temporary), Is.False);
        Assert.That(File.Exists(other));
        Assert.That(Directory.GetFiles(run, ".gpurnn-*"), Is.Empty);
    }

    /// <summary>A file that somebody is writing is not what somebody left.</summary>
    [Test]
    public void WhatIsBeingWrittenIsLeftAlone()
    {
        string target = Path.Combine(folder, "file");
        AtomicFile.Write(target, stream =>
        {
            AtomicFile.RemoveLeftovers(folder);
            stream.Write("whole"u8);
        });
        Assert.That(File.ReadAllText(target), Is.EqualTo("whole"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test, Platform("Linux")]
    public void TwoRunsDoNotShareAFolder()
    {
        using RunningCommand first = RunningCommand.Interruptible([.. s_exam, "--minutes", "10", "--out", run]);
        first.WaitFor(() => Directory.Exists(run));
        CommandProcess.Refused([.. s_exam, "--steps", "5", "--out", run], run, "another run");
        first.Signal("INT");
        Assert.That(first.End(10_000).Code, Is.EqualTo(130));
        CommandProcess.Good([.. s_exam, "--steps", "5", "--out", run, "--overwrite"]);
    }

    /// <summary>A picture that cannot be written, whatever the reason, is a warning; the results stand.</summary>
    [Test]
    public void NoResultIsLostForAPicture()
    {
        Directory.CreateDirectory(In("loss.png")); // a folder is in its way
        CommandResult r = CommandProcess.Run([.. s_exam, "--steps", "5", "--out", run]);
        Assert.That(r.Code, Is.Zero, r.Error);
        Assert.That(r.Error, Does.Contain("gpurnn: loss.png could not be drawn").And.Contain("folder"));
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(In("metrics.json")));
        Assert.That(metrics.RootElement.GetProperty("steps").GetInt32(), Is.EqualTo(5));
        Assert.That(File.ReadAllText(In("report.html")), Does.Contain("<svg").And.Contain("Loss along the run"));
        Assert.That(File.Exists(In("calibration.png")), "the others are drawn");
    }
}
