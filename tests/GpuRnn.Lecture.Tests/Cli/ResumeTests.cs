using System.Text.Json;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>`train text` in one go, and in two: the same bytes, and a model that writes.</summary>
public class ResumeTests : RunTests
{
    static CommandResult Run(params string[] arguments) => CommandProcess.Run(arguments);

    /// <summary>100 steps and then on to 200 write the bytes that 200 at once write.</summary>
    [TestCase("lstm"), TestCase("gru", Category = "Long")]
    public void ResumeIsBitForBit(string cell)
    {
        string[] options = ["train", "text", "--cell", cell, "--hidden", "24", "--batch", "8", "--unroll", "16", "--json"];
        string whole = Path.Combine(folder, "whole"), halves = Path.Combine(folder, "halves");
        CommandResult once = Run([.. options, "--steps", "40", "--out", whole]);
        Assert.That(once.Code, Is.Zero, once.Error);
        Assert.That(Run([.. options, "--steps", "15", "--out", halves]).Code, Is.Zero);
        CommandResult rest = Run("train", "text", "--resume", halves, "--steps", "40", "--json");
        Assert.That(rest.Code, Is.Zero, rest.Error);
        foreach (string file in new[] { "model.safetensors", "training.safetensors", "vocabulary.json" })
            Assert.That(File.ReadAllBytes(Path.Combine(halves, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole, file))), file);
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(whole, "metrics.json"))),
            printed = JsonDocument.Parse(once.Out);
        foreach (string name in new[]
        {
            "validation_nats_per_character", "test_nats_per_character", "floor_nats_per_character",
            "far_word_accuracy", "tokens_per_second", "steps", "seconds"
        })
        {
            Assert.That(metrics.RootElement.GetProperty(name).ValueKind, Is.EqualTo(JsonValueKind.Number), name);
            Assert.That(printed.RootElement.GetProperty(name).ValueKind, Is.EqualTo(JsonValueKind.Number), name);
        }
        Assert.That(metrics.RootElement.GetProperty("curve").GetArrayLength(), Is.AtLeast(1));
        Assert.That(File.Exists(Path.Combine(whole, "loss.png")));
        string report = File.ReadAllText(Path.Combine(whole, "report.html"));
        Assert.That(report, Does.Contain($"1 {cell} layer of 24 units").And.Contain("entropy of the text").And.Not.Contain("<script"));
        CommandResult sample = Run("sample", "--model", whole, "--prompt", "i grew up in france", "--length", "40", "--seed", "3");
        Assert.That(sample.Code, Is.Zero, sample.Error);
        Assert.That(sample.Out, Does.StartWith("i grew up in france"));
        Assert.That(Run("sample", "--model", whole, "--prompt", "i grew up in france", "--length", "40", "--seed", "3").Out,
            Is.EqualTo(sample.Out));
        Assert.That(Run("sample", "--model", whole, "--prompt", "ÄÖ").Code, Is.EqualTo(2));
    }
}
