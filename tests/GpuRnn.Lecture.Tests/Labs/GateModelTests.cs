using GpuRnn.Data;
using GpuRnn.Lecture.Labs.Gates;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Text;

namespace GpuRnn.Lecture.Tests.Labs;

/// <summary>The model whose gates can be held, beside the engine's and beside what holding must come to.</summary>
public class GateModelTests
{
    const int Symbols = 7, Hidden = 9;

    static TextModel Make(string cell, int layers)
    {
        TextModel model = new(TestDevices.Get("cpu"), new TrainOptions { Cell = cell, Hidden = Hidden, Layers = layers }, Symbols);
        model.Initialize(4, memory: 10);
        // larger than they begin, so that gates are far from their middle and the likeliest character is never a near tie
        foreach (var p in model.Parameters.All) model.Parameters.Set(p.Name, model.Parameters.Get(p.Name).Select(v => 3 * v).ToArray());
        return model;
    }

    static int[] Codes(int length)
    {
        SplitMix random = new(8);
        return [.. Enumerable.Range(0, length).Select(_ => random.Below(Symbols))];
    }

    /// <summary>More characters than the engine reads at once.</summary>
    [TestCase("lstm", 1), TestCase("lstm", 2), TestCase("gru", 1), TestCase("gru", 2), TestCase("relevance", 1),
        TestCase("relevance_lstm_tanh", 2)]
    public void ItsLossIsTheEngines(string cell, int layers)
    {
        using TextModel model = Make(cell, layers);
        using TextEvaluation evaluation = new(model);
        int[] codes = Codes(600), best = new int[codes.Length];
        double expected = evaluation.Run(codes, best);
        GateTrace trace = new GateModel(model).Run(codes, layers - 1);
        Assert.That(trace.Loss, Is.EqualTo(expected).Within(2e-6));
        Assert.That(trace.Best, Is.EqualTo(best[..^1]));
        Assert.That(trace.Gates, Has.Length.EqualTo(codes.Length - 1));
    }

    /// <summary>A gate without which h stays 0: what is left is the softmax of the output's bias, whatever the text.</summary>
    [TestCase("lstm", "o", 0), TestCase("relevance", "o", 0), TestCase("relevance_lstm_tanh", "o", 0), TestCase("gru", "z", 1),
        TestCase("gru", "n", 0)]
    public void WithNothingInItsStateOnlyTheBiasSpeaks(string cell, string gate, double value)
    {
        using TextModel model = Make(cell, 1);
        GateModel gates = new(model);
        int[] codes = Codes(50);
        int number = gates.Gates.ToList().FindIndex(g => g.Letter == gate);
        double[] held = [.. Enumerable.Repeat(value, Hidden)], powers = [.. model.Parameters.Get("decoder.bias").Select(b => Math.Exp(b))];
        GateTrace trace = gates.Run(codes, 0, new(0, number, held));
        for (int t = 0; t < codes.Length - 1; t++)
            Assert.That(
                trace.Nats[t],
                Is.EqualTo(-Math.Log(powers[codes[t + 1]] / powers.Sum())).Within(1e-6),
                $"t = {t}");
        Assert.That(trace.Gates.Select(t => t[number]), Is.All.EqualTo(held));
        Assert.That(gates.Run(codes, 0).Loss, Is.Not.EqualTo(trace.Loss).Within(1e-3), "not held, it speaks otherwise");
    }

    [Test]
    public void EveryGateIsHeldAtItsMeanOpenAndShut()
    {
        using TextModel model = Make("lstm", 1);
        GateModel gates = new(model);
        int[] codes = Codes(60);
        GateTrace whole = gates.Run(codes, 0);
        List<Ablation> all = Ablation.All(gates, codes, 0, whole, _ => { }, CancellationToken.None);
        // a candidate is not between 0 and 1 and has no "open"
        Assert.That(
            all.Select(a => (a.Gate.Letter, a.Held)),
            Is.EqualTo(new[] { "i", "f", "g", "o" }.SelectMany(g => (g == "g" ? new[] { Ablation.AtMean, Ablation.Shut }
            : [Ablation.AtMean, Ablation.Open, Ablation.Shut]).Select(h => (g, h)))));
        foreach (Ablation a in all)
        {
            int number = gates.Gates.ToList().IndexOf(a.Gate);
            double[] expected =
            [
                .. Enumerable.Range(0, Hidden)
                    .Select(j => a.Held switch { Ablation.Open => 1, Ablation.Shut => 0, _ => whole.Gates.Average(t => t[number][j]) })
            ];
            foreach (double[][] t in a.Trace.Gates) Assert.That(t[number], Is.EqualTo(expected).Within(1e-12), $"{a.Gate.Letter} {a.Held}");
        }
    }

    [TestCase("rnn"), TestCase("rnn_relu")]
    public void ACellWithoutGatesIsTold(string cell)
    {
        using TextModel model = Make(cell, 1);
        Assert.That(() => new GateModel(model), Throws.TypeOf<GpuRnnException>().With.Message.Contains("no gates to look at"));
    }
}
