using System.Globalization;
using System.Text.RegularExpressions;
using GpuRnn.Layers;

namespace GpuRnn.Tests.Docs;

/// <summary>docs/examples compile, run, and say what they should.</summary>
[NonParallelizable]
public class ExampleTests
{
    static string Folder => Path.Combine(Repository.Root, "docs", "examples");

    static string[] Numbers(string name, string pattern)
    {
        string written = CompiledProgram.Run(File.ReadAllText(Path.Combine(Folder, $"{name}.cs")));
        Match match = Regex.Match(written, pattern);
        Assert.That(match.Success, written);
        return [.. match.Groups.Values.Skip(1).Select(g => g.Value)];
    }

    static double Of(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    [Test]
    public void EveryExampleIsTested() => Assert.That(
        Directory.GetFiles(Folder, "*.cs").Select(Path.GetFileNameWithoutExtension),
        Is.EquivalentTo(new[] { "forecasting", "streaming", "training-loop", "own-cell", "own-device", "own-layer" }));

    [Test]
    public void Forecasting()
    {
        string[] said = Numbers("forecasting", @"mean error ([\d.]+); of the last value as a forecast ([\d.]+)");
        Assert.That(Of(said[0]), Is.LessThan(Of(said[1]) / 3));
    }

    [Test]
    public void Streaming() =>
        Assert.That(Of(Numbers("streaming", @"4 sequences; parts and whole differ by ([\d.]+)")[0]), Is.LessThan(1e-5));

    [Test]
    public void TrainingLoop()
    {
        string[] said = Numbers("training-loop", @"loss ([\d.]+) after 60 steps, ([\d.]+) after 120; chance is ([\d.]+)");
        Assert.That(Of(said[1]), Is.LessThan(Of(said[0])));
        Assert.That(Of(said[1]), Is.LessThan(Of(said[2]) / 5));
    }

    [Test]
    public void OwnCell()
    {
        string[] said = Numbers("own-cell", @"gradient (-?[\d.]+), measured (-?[\d.]+)");
        Assert.That(Of(said[0]), Is.EqualTo(Of(said[1])).Within(2e-5).And.Not.Zero);
    }

    /// <summary>What the engine gives on a device of its own, of an input that the program sends.</summary>
    [Test]
    public void OwnDevice()
    {
        const int steps = 8, sequences = 4, inputs = 2, hidden = 6;
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, inputs, hidden);
        network.Initialize(seed: 1);
        using Pass<float> pass = network.Plan(steps, sequences);
        float[] y = pass.Forward([.. Enumerable.Range(0, steps * sequences * inputs).Select(i => 0.1f * (i % 7 - 3))]);
        IEnumerable<float> right = y[^(sequences * hidden)..].Chunk(hidden).Select(h => h.Sum());
        Assert.That(Numbers("own-device", @"sums of the last h: (\S+) (\S+) (\S+) (\S+)\n").Select(Of), Is.EqualTo(right).Within(6e-5));
    }

    [Test]
    public void OwnLayer()
    {
        string[] said = Numbers("own-layer", @"loss ([\d.]+), then ([\d.]+); the gains moved by ([\d.]+)");
        Assert.That(Of(said[1]), Is.LessThan(Of(said[0]) / 10));
        Assert.That(Of(said[2]), Is.GreaterThan(0));
    }
}
