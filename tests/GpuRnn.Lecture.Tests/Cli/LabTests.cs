using System.Text.Json;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>Labs in small: the files they write, under the names that are documented, and what they refuse.</summary>
public class LabTests : RunTests
{
    JsonElement Lab(string name, string options)
    {
        string printed = CommandProcess.Good(["lab", name, .. options.Split(' '), "--out", run, "--json"]);
        string written = File.ReadAllText(Path.Combine(run, "metrics.json"));
        Assert.That(printed.Trim(), Is.EqualTo(written.Trim()));
        Assert.That(File.ReadAllText(Path.Combine(run, "report.html")),
            Does.Contain($"<h1>lab {name}</h1>")
                .And.Contain($"gpurnn</span> <span>lab</span> <span>{name}</span>")
                .And.Not.Contain("<script"));
        using JsonDocument json = JsonDocument.Parse(written);
        return json.RootElement.Clone();
    }

    [Test]
    public void MemoryWritesAccuracyByDistance()
    {
        JsonElement cells = Lab("memory", "--cells gru,rnn_tanh_rotation --distances 3,1 --steps 300 --hidden 16").GetProperty("cells");
        Assert.That(cells.EnumerateObject().Select(c => c.Name), Is.EqualTo(new[] { "gru", "rnn_tanh_rotation" }));
        foreach (JsonProperty cell in cells.EnumerateObject())
        {
            Dictionary<string, double> accuracy = cell.Value.GetProperty("accuracy_by_distance")
                .EnumerateObject()
                .ToDictionary(d => d.Name, d => d.Value.GetDouble());
            Assert.That(accuracy.Keys, Is.EqualTo(new[] { "1", "3" }));
            Assert.That(accuracy.Values, Is.All.InRange(0.9, 1), $"{cell.Name}: so near a cue is remembered");
        }
        Assert.That(Directory.GetFiles(run, "*.png").Select(Path.GetFileName), Is.EquivalentTo(new[] { "memory.png", "steps.png" }));
    }

    [Test]
    public void GradientsWriteNormsAndSlopes()
    {
        JsonElement cells = Lab("gradients", "--hidden 8 --length 12 --steps 20").GetProperty("cells");
        Assert.That(cells.EnumerateObject().Count(), Is.AtLeast(7));
        foreach (JsonProperty cell in cells.EnumerateObject())
        {
            Assert.That(cell.Value.GetProperty("norms").GetArrayLength(), Is.EqualTo(12));
            Assert.That(double.IsFinite(cell.Value.GetProperty("slope").GetDouble()), cell.Name);
        }
        JsonElement tanh = cells.GetProperty("rnn_tanh");
        Assert.That(tanh.GetProperty("predicted_slope").GetDouble(), Is.EqualTo(Math.Log(0.9)).Within(1e-9));
        Assert.That(tanh.GetProperty("slope").GetDouble(), Is.EqualTo(Math.Log(0.9)).Within(1e-3));
        Assert.That(cells.GetProperty("lstm").GetProperty("predicted_slope").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void GatesWriteWhatEachIsWorth()
    {
        string model = Path.Combine(folder, "model");
        string[] train = ["train", "text", "--hidden", "12", "--batch", "4", "--unroll", "16", "--steps", "3", "--out", model, "--json"];
        CommandProcess.Good([.. train, "--cell", "gru"]);
        JsonElement json = Lab("gates", $"--model {model} --length 200");
        Assert.That(json.GetProperty("gates").EnumerateObject().Select(g => g.Name), Is.EqualTo(new[] { "r", "z", "n" }));
        JsonElement[] ablations = [.. json.GetProperty("ablations").EnumerateArray()];
        Assert.That(ablations, Has.Length.EqualTo(3 + 3 + 2));
        double loss = json.GetProperty("loss").GetDouble();
        foreach (JsonElement a in ablations)
            Assert.That(a.GetProperty("worth").GetDouble(), Is.EqualTo(a.GetProperty("loss").GetDouble() - loss).Within(1e-12));
        Assert.That(Directory.GetFiles(run, "*.png").Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "gate-r.png", "gate-z.png", "gate-n.png", "means.png", "worth.png" }));
        CommandProcess.Refused(["lab", "gates", "--model", model, "--layer", "1", "--out", run], "--layer is 1");
        CommandProcess.Good([.. train, "--cell", "rnn", "--overwrite"]);
        CommandProcess.Refused(["lab", "gates", "--model", model, "--out", run], "'rnn_tanh' has no gates");
    }

    [TestCase("lab", "LAB")]
    [TestCase("lab memory --cells nonsense", "nonsense")]
    [TestCase("lab memory --cells lstm_rotation", "lstm_rotation")]
    [TestCase("lab memory --distances 0", "--distances is '0'")]
    [TestCase("lab memory --distances 5,x", "--distances is '5,x'")]
    [TestCase("lab memory --steps 0", "--steps is '0'")]
    [TestCase("lab memory --rate -1", "--rate is '-1'")]
    [TestCase("lab gradients --hidden 1", "--hidden is '1'")]
    [TestCase("lab gradients --length 3", "--length is '3'")]
    [TestCase("lab gradients --clip 0", "--clip is '0'")]
    [TestCase("lab gates --model /nowhere/at/all", "/nowhere/at/all")]
    [TestCase("lab gates --model . --length 10", "--length is '10'")]
    [TestCase("lab gates --model .", "vocabulary.json")]
    public void WhatCannotBeIsTold(string arguments, string expected) =>
        CommandProcess.Refused([.. arguments.Split(' '), .. arguments == "lab" ? Array.Empty<string>() : ["--out", run]],
            arguments == "lab" ? [] : [expected]);
}
