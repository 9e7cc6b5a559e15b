using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>
/// The same numbers in and the same out, whatever the machine's language. CI runs the whole suite in other languages too.
/// </summary>
[Parallelizable]
public class CultureTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    /// <summary>Where a language is required (a run of CI), its absence is a failure, not a run that shows nothing.</summary>
    [Test]
    public void RequiredCultureIsThere()
    {
        string? required = Environment.GetEnvironmentVariable("GPURNN_REQUIRE_CULTURE");
        if (string.IsNullOrEmpty(required)) Assert.Ignore("GPURNN_REQUIRE_CULTURE names no culture.");
        Assert.That(CultureInfo.CurrentCulture.Name, Is.EqualTo(required));
        Assert.That($"{1.5}", Is.EqualTo("1,5"));
        Assert.That("TITLE".ToLower(CultureInfo.CurrentCulture),
            Is.EqualTo(required!.StartsWith("tr", StringComparison.Ordinal) ? "tıtle" : "title"));
    }

    static CommandResult In(string language, params string[] arguments)
    {
        using RunningCommand command = new("dotnet", [CommandProcess.Path, .. arguments],
            ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"), ("LANG", $"{language}.UTF-8"), ("LC_ALL", $"{language}.UTF-8"));
        CommandResult r = command.End(120_000);
        if (r.Error.Contains("ICU package", StringComparison.Ordinal)) Assert.Ignore("There is no ICU on this machine.");
        return r;
    }

    /// <summary>Decimal commas, a dotless i, a minus of its own, digits of its own.</summary>
    [TestCase("de_DE"), TestCase("tr_TR", Category = "Long"), TestCase("sv_SE", Category = "Long"), TestCase("fa_IR", Category = "Long")]
    [TestCase("ar_EG", Category = "Long")]
    public void TheCommandSaysTheSameInEveryLanguage(string language)
    {
        string[] train =
        [
            "train", "exam", "--students", "500", "--hidden", "4", "--batch", "16", "--steps", "20", "--rate", "0.001", "--weight-decay",
            "0.5",
            "--schedule", "step:7:0.5", "--clip", "0.25", "--dropout", "0.1"
        ];
        string here = Path.Combine(folder, "here"), there = Path.Combine(folder, "there");
        CommandProcess.Good([.. train, "--out", here]);
        CommandResult r = In(language, [.. train, "--out", there]);
        Assert.That(r.Code, Is.Zero, r.Error);
        foreach (string file in new[] { "model.safetensors", "training.safetensors", "loss.png", "calibration.png" })
            Assert.That(File.ReadAllBytes(Path.Combine(there, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(here, file))), file);
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(there, "metrics.json")));
        Assert.That(metrics.RootElement.GetProperty("rate").GetDouble(), Is.EqualTo(0.001));
        Assert.That(Told(there), Is.EqualTo(Told(here)));
        string accuracy = metrics.RootElement.GetProperty("accuracy").GetDouble().ToString("F4", CultureInfo.InvariantCulture);
        Assert.That(r.Out, Does.Contain(accuracy));
        CommandResult refused = In(language, "train", "exam", "--rate", "-0.5");
        Assert.That(refused.Error, Does.Contain("--rate is -0.5"));
    }

    /// <summary>What a report tells, but for times.</summary>
    static string Told(string folder)
    {
        string report = File.ReadAllText(Path.Combine(folder, "report.html"));
        return Regex.Replace(report, "(seconds|items_per_second)&quot;: [0-9.E-]+", "$1");
    }
}
