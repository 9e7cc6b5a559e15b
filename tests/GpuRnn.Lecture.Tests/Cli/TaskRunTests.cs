using System.Text.Json;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>
/// Whole runs of `train`: what they write, that one that is broken off goes on bit for bit, and that the built-in text is learned.
/// </summary>
public class TaskRunTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    static void AssertNumbers(JsonElement json, params string[] names)
    {
        foreach (string name in names)
            Assert.That(json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number, name);
    }

    /// <summary>
    /// 15 steps and then on to 40 write the bytes that 40 at once write; with masks,
    /// early stopping and several batches a step, whose numbers must go on too.
    /// </summary>
    [TestCase("exam", "--hidden 8 --batch 32 --optimizer rmsprop", "accuracy log_loss law_log_loss")]
    [TestCase("sentiment", "--hidden 8 --batch 8 --layers 2 --dropout 0.2 --accumulate 2 --horizon 40 --patience 5",
        "accuracy accuracy_long", Category = "Long")]
    [TestCase("translation", "--hidden 8 --batch 16 --pairs 300 --embedding 8 --dropout 0.2 --variational --smoothing 0.1",
        "exact_match bleu4", Category = "Long")]
    [TestCase("captions", "--hidden 8 --batch 8 --pictures 200 --attention dot --optimizer nesterov --rate 0.01", "exact_match bleu4",
        Category = "Long")]
    [TestCase("jets",
        "--hidden 8 --batch 16 --jets 400 --constituents 8 --optimizer adamw --weight-decay 0.01 --clip-norm infinity",
        "auc auc_error accuracy rejection_at_0_3 rejection_at_0_5 auc_mass_cut auc_n_subjettiness", Category = "Long")]
    public void ResumeIsBitForBit(string task, string options, string measures)
    {
        string whole = Path.Combine(folder, "whole"), halves = Path.Combine(folder, "halves");
        string[] shape = ["train", task, .. options.Split(' '), "--json"];
        using JsonDocument printed = JsonDocument.Parse(CommandProcess.Good([.. shape, "--steps", "40", "--out", whole]));
        CommandProcess.Good([.. shape, "--steps", "15", "--out", halves]);
        string model = Path.Combine(halves, "model.safetensors");
        Assert.That(File.ReadAllBytes(model), Is.Not.EqualTo(File.ReadAllBytes(Path.Combine(whole, "model.safetensors"))),
            "15 steps are not 40");
        CommandProcess.Good("train", task, "--resume", halves, "--steps", "40", "--json");
        foreach (string file in new[] { "model.safetensors", "training.safetensors" })
            Assert.That(File.ReadAllBytes(Path.Combine(halves, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole, file))), file);
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(whole, "metrics.json"))),
            again = JsonDocument.Parse(File.ReadAllText(Path.Combine(halves, "metrics.json")));
        foreach (string name in measures.Split(' '))
            Assert.That(again.RootElement.GetProperty(name).GetDouble(), Is.EqualTo(metrics.RootElement.GetProperty(name).GetDouble()),
                name);
        AssertNumbers(metrics.RootElement, [.. measures.Split(' '), "steps", "seconds", "parameters"]);
        AssertNumbers(printed.RootElement, measures.Split(' '));
        string report = File.ReadAllText(Path.Combine(whole, "report.html"));
        Assert.That(report, Does.Contain($"<h1>train {task}</h1>").And.Contain("Do it again").And.Not.Contain("<script"));
        Assert.That(new FileInfo(Path.Combine(whole, "loss.png")).Length, Is.GreaterThan(1000));
        if (task == "exam") CommandProcess.Refused(["train", task, "--resume", halves, "--steps", "39"], halves, "40 steps already");
        CommandProcess.Refused(["train", "text", "--resume", halves, "--steps", "41"], $"is of 'train {task}'");
        CommandProcess.Refused(["train", task, "--resume", halves, "--hidden", "9"], "leave --hidden out");
    }

    /// <summary>Once, half of all seeds never found the word that the country decides: the default must, and soon.</summary>
    [Test, Category("Long")]
    public void TheBuiltInTextIsLearnedToItsFarWord()
    {
        using JsonDocument json = JsonDocument.Parse(CommandProcess.Good("train", "text", "--steps", "1600", "--json", "--out", folder));
        Assert.That(json.RootElement.GetProperty("far_word_accuracy").GetDouble(), Is.GreaterThan(0.9));
        double floor = json.RootElement.GetProperty("floor_nats_per_character").GetDouble();
        Assert.That(json.RootElement.GetProperty("test_nats_per_character").GetDouble(),
            Is.InRange(floor - 0.003, 1.1 * floor),
            "close to what cannot be beaten, and not below it");
    }
}
