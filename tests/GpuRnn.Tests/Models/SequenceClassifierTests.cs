using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Training;

namespace GpuRnn.Tests.Models;

/// <summary>Classes at the end of sequences and at every step, against plain loops and against sequences alone.</summary>
public class SequenceClassifierTests
{
    const int T = 7, Symbols = 9, Classes = 4, H = 6;
    static readonly int[] lengths = [4, 1, 7, 2];

    static SequenceClassifier<float> Make(string device, Cell cell, int layers = 1)
    {
        SequenceClassifier<float> model = new(TestDevices.Get(device), new()
        {
            InputSize = Symbols, IndexInput = true, Classes = Classes,
            Hidden = H, Layers = layers, Cell = cell
        });
        model.Initialize(3);
        return model;
    }

    /// <summary>[T, B]; on padding an index like any other.</summary>
    static int[] Words(int sequences, int seed = 5)
    {
        SplitMix random = new((ulong)seed);
        return [.. Enumerable.Range(0, T * sequences).Select(_ => random.Below(Symbols))];
    }

    /// <summary>h = tanh(W x + b + U h + b'), softmax(V h + d), in double precision.</summary>
    static double[] Plain(Parameters<float> p, IEnumerable<int> words)
    {
        float[] w = p.Get("weight_ih_l0"), u = p.Get("weight_hh_l0"),
            b = p.Get("bias_ih_l0"), b2 = p.Get("bias_hh_l0"),
            v = p.Get("decoder.weight"), d = p.Get("decoder.bias");
        double[] h = new double[H];
        foreach (int word in words)
            h =
            [
                .. Enumerable.Range(0, H).Select(j => Math.Tanh(
                    (double)w[j * Symbols + word] + b[j] + b2[j]
                    + Enumerable.Range(0, H).Sum(k => u[j * H + k] * h[k])))
            ];
        double[] powers = [.. Enumerable.Range(0, Classes).Select(c =>
            Math.Exp(d[c] + Enumerable.Range(0, H).Sum(k => v[c * H + k] * h[k])))];
        return [.. powers.Select(x => x / powers.Sum())];
    }

    [Test]
    public void ProbabilitiesAreThoseOfPlainLoops()
    {
        using SequenceClassifier<float> model = Make("cpu", Cell.RnnTanh);
        using ClassifierPass<float> ends = model.Plan(T, lengths.Length), steps = model.Plan(T, lengths.Length, new() { EveryStep = true });
        int[] words = Words(lengths.Length);
        ends.Forward(words, lengths);
        steps.Forward(words, lengths);
        double[] atEnd = ends.ReadProbabilities(), atEvery = steps.ReadProbabilities();
        Assert.That((atEnd.Length, atEvery.Length), Is.EqualTo((lengths.Length * Classes, T * lengths.Length * Classes)));
        for (int b = 0; b < lengths.Length; b++)
        {
            Assert.That(atEnd[(b * Classes)..((b + 1) * Classes)].Sum(), Is.EqualTo(1).Within(1e-12));
            for (int t = 0; t < T; t++)
            {
                double[] here = atEvery[((t * lengths.Length + b) * Classes)..((t * lengths.Length + b + 1) * Classes)];
                if (t >= lengths[b]) Assert.That(here, Is.All.Zero, "padding");
                else Assert.That(here, Is.EqualTo(Plain(model.Parameters, Enumerable.Range(0, t + 1)
                    .Select(s => words[s * lengths.Length + b]))).Within(1e-6));
                if (t == lengths[b] - 1) Assert.That(
                    here, Is.EqualTo(atEnd[(b * Classes)..((b + 1) * Classes)]).Within(1e-12), "the last step's");
            }
        }
    }

    [Test]
    public void LossIsMinusTheLogarithmOfWhatWasFound([Values] bool everyStep)
    {
        using SequenceClassifier<float> model = Make("cpu", Cell.RnnTanh);
        using ClassifierPass<float> pass = model.Plan(T, lengths.Length, new() { EveryStep = everyStep });
        int[] words = Words(lengths.Length),
            classes =
            [
                .. Words(lengths.Length, 6)
                    .Take(everyStep ? T * lengths.Length : lengths.Length)
                    .Select(c => c % Classes)
            ];
        pass.Forward(words, lengths);
        List<double> nats = [];
        for (int b = 0; b < lengths.Length; b++)
            for (int t = everyStep ? 0 : lengths[b] - 1; t < lengths[b]; t++)
                nats.Add(-Math.Log(
                    Plain(model.Parameters, Enumerable.Range(0, t + 1).Select(s => words[s * lengths.Length + b]))
                        [classes[everyStep ? t * lengths.Length + b : b]]));
        Assert.That(pass.Loss(classes), Is.EqualTo(nats.Average()).Within(1e-6));
    }

    [TestCase("lstm", 1), TestCase("gru", 2), TestCase("relevance", 1), TestCase("rnn", 2)]
    public void ABatchIsItsSequences(string cell, int layers)
    {
        using SequenceClassifier<float> model = Make("cpu", Cell.Named(cell), layers);
        using ClassifierPass<float> together = model.Plan(T, 5), alone = model.Plan(T, 1);
        int[] words = Words(lengths.Length);
        together.Forward(words, lengths); // fewer than planned
        double[] all = together.ReadProbabilities();
        for (int b = 0; b < lengths.Length; b++)
        {
            alone.Forward([.. Enumerable.Range(0, lengths[b]).Select(t => words[t * lengths.Length + b])], [lengths[b]]);
            Assert.That(alone.ReadProbabilities(), Is.EqualTo(all[(b * Classes)..((b + 1) * Classes)]).Within(1e-6), $"sequence {b}");
        }
    }

    /// <summary>Rows of numbers that are one-hot give what indices give.</summary>
    [Test]
    public void NumbersAreReadAsIndicesAre()
    {
        using SequenceClassifier<float> model = Make("cpu", Cell.Gru);
        using SequenceClassifier<float> rows = new(TestDevices.Get("cpu"), model.Options with { IndexInput = false });
        rows.Initialize(3);
        using ClassifierPass<float> byIndex = model.Plan(T, 4), byRow = rows.Plan(T, 4);
        int[] words = Words(4);
        byIndex.Forward(words, lengths);
        byRow.Forward([.. words.SelectMany(w => Enumerable.Range(0, Symbols).Select(i => i == w ? 1f : 0))], lengths);
        Assert.That(byRow.ReadProbabilities(), Is.EqualTo(byIndex.ReadProbabilities()).Within(1e-6));
    }

    /// <summary>The first symbol of four says the class.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device"), Category("Learning")]
    public void ItLearnsWhatTheFirstStepSays(string device)
    {
        const int Steps = 4, B = 16;
        using SequenceClassifier<float> model = Make(device, Cell.Gru);
        using ClassifierPass<float> pass = model.Plan(Steps, B, new() { Training = true });
        using Adam<float> adam = new(model.Parameters, 0.03);
        int[] all = [.. Enumerable.Repeat(Steps, B)];
        SplitMix random = new(1);
        double before = 0, after = 0;
        for (int step = 0; step < 150; step++)
        {
            int[] words = [.. Enumerable.Range(0, Steps * B).Select(_ => random.Below(Symbols))],
                classes = [.. words.Take(B).Select(w => w % Classes)];
            pass.Forward(words, all, step);
            double loss = pass.Loss(classes, gradient: true);
            pass.Backward();
            adam.Step();
            if (step == 0) before = loss;
            after = loss;
        }
        Assert.That(before, Is.EqualTo(Math.Log(Classes)).Within(0.3), "a guess at first");
        Assert.That(after, Is.LessThan(0.1));
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void TwoHalvesAddUpToTheWholeBatch(string device)
    {
        using SequenceClassifier<float> model = Make(device, Cell.Gru);
        using ClassifierPass<float> pass = model.Plan(T, 4, new() { Training = true });
        int[] words = Words(4), classes = [3, 0, 1, 1];
        pass.Head.Scale = 1.0 / 4;
        Run([0, 1, 2, 3], false);
        Dictionary<string, float[]> whole = model.Parameters.All.ToDictionary(p => p.Name, p => model.Parameters.GetGradient(p.Name));
        Run([0, 1], false);
        Run([2, 3], true);
        foreach ((string name, float[] gradient) in whole)
        {
            Assert.That(gradient.Any(g => g != 0), name);
            Assert.That(model.Parameters.GetGradient(name), Is.EqualTo(gradient).Within(1e-6), name);
        }

        void Run(int[] sequences, bool accumulate)
        {
            pass.Forward([.. Enumerable.Range(0, T).SelectMany(t => sequences.Select(b => words[t * 4 + b]))],
                [.. sequences.Select(b => lengths[b])]);
            pass.Loss([.. sequences.Select(b => classes[b])], gradient: true);
            pass.Backward(accumulate);
        }
    }

    [TestCase(1), TestCase(0)]
    public void OneClassIsNoChoice(int classes) =>
        Assert.That(() => new SequenceClassifier<float>(TestDevices.Get("cpu"), new() { InputSize = 2, Classes = classes }),
            Throws.TypeOf<BadArgumentException>());
}
