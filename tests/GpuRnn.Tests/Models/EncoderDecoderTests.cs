using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Training;

namespace GpuRnn.Tests.Models;

/// <summary>Encoder, decoder, attention and search as a whole.</summary>
public class EncoderDecoderTests
{
    const int Begin = 0, End = 1;

    /// <summary>Turns sequences round, which no reading in one direction does by itself.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device"), Category("Learning")]
    public void LearnsToTurnSequencesRound(string device)
    {
        const int V = 8, B = 32, Most = 5;
        using EncoderDecoder<float> model = new(
            TestDevices.Get(device), new() { SourceSize = V, TargetSize = V, EmbeddingSize = 16, Hidden = 48 });
        model.Initialize(1);
        using EncoderDecoderPass<float> training = model.Plan(Most, Most + 1, B, new() { Training = true });
        using Adam<float> adam = new(model.Parameters, 0.01, clip: new() { Norm = 1 });
        Random random = new(1);
        for (int step = 0; step < 250; step++)
        {
            (int[][] sources, int[] source, int[] lengths) = Draw(random, B, Most, V);
            (int[] read, int[] write, int[] targetLengths) = Targets([.. sources.Select(s => s.Reverse().ToArray())], Most);
            training.Forward(source, lengths, read, targetLengths);
            training.Loss(write, gradient: true);
            training.Backward();
            adam.Rate = 0.01 * Schedule.Cosine.Factor(step, 250);
            adam.Step();
        }
        (int[][] asked, int[] question, int[] questionLengths) = Draw(random, B, Most, V);
        using BeamSearch<float> search = model.PlanSearch(Most, Most + 1, B, beam: 3);
        Hypothesis[] found = search.Run(question, questionLengths, Begin, End);
        int right = Enumerable.Range(0, B).Count(b => found[b].Ended && found[b].Indices.SequenceEqual(asked[b].Reverse()));
        Assert.That(right, Is.GreaterThanOrEqualTo(30), "of 32");
    }

    static (int[][] Sequences, int[] Padded, int[] Lengths) Draw(Random random, int b, int most, int v)
    {
        int[][] all = [.. Enumerable.Range(0, b).Select(_ => Enumerable.Range(0, random.Next(2, most + 1)).Select(_ => random.Next(2, v))
            .ToArray())];
        int[] padded = new int[most * b];
        for (int i = 0; i < b; i++)
            for (int t = 0; t < all[i].Length; t++) padded[t * b + i] = all[i][t];
        return (all, padded, [.. all.Select(s => s.Length)]);
    }

    static (int[] Read, int[] Write, int[] Lengths) Targets(int[][] targets, int most)
    {
        int b = targets.Length;
        int[] read = new int[(most + 1) * b], write = new int[(most + 1) * b];
        for (int i = 0; i < b; i++)
            for (int t = 0; t <= targets[i].Length; t++)
            {
                read[t * b + i] = t == 0 ? Begin : targets[i][t - 1];
                write[t * b + i] = t == targets[i].Length ? End : targets[i][t];
            }
        return (read, write, [.. targets.Select(t => t.Length + 1)]);
    }

    static EncoderDecoder<double> Untrained(AttentionKind attention, int v, int layers = 1)
    {
        EncoderDecoder<double> model = new(TestDevices.Get("cpu"), new()
        {
            SourceSize = 5, TargetSize = v, EmbeddingSize = 6,
            Hidden = 8, Attention = attention, Layers = layers
        });
        model.Initialize(3);
        foreach (Parameter p in model.Parameters.All) model.Parameters.Set(
            p.Name, [.. model.Parameters.Get(p.Name).Select(w => 3 * w)]); // far from uniform
        return model;
    }

    /// <summary>
    /// With a beam wide enough for everything, the search is exhaustive: the best of all targets, each one judged by a pass of its own.
    /// </summary>
    [Test]
    public void AWideBeamFindsTheBestOfAllTargets(
        [Values] AttentionKind attention, [Values(1, 2)] int layers, [Values(0, 0.6)] double alpha)
    {
        const int V = 4, Most = 3;
        using EncoderDecoder<double> model = Untrained(attention, V, layers);
        int[] source = [1, 4, 2];
        List<int[]> all = [[]];
        for (int length = 1; length < Most; length++)
            all.AddRange(all
                .Where(t => t.Length == length - 1)
                .SelectMany(t => Enumerable.Range(0, V).Where(i => i != End).Select(i => (int[])[.. t, i]))
                .ToArray());
        (int[] Target, double Log)[] judged = [.. all.Select(t => (t, LogProbability(model, source, t)))];
        (int[] best, double log) = judged.MaxBy(j => j.Log / Math.Pow(j.Target.Length + 1, alpha));
        using BeamSearch<double> search = model.PlanSearch(3, Most, 1, beam: 64);
        search.Alpha = alpha;
        Hypothesis found = search.Run(source, [3], Begin, End)[0];
        Assert.That(found.Indices, Is.EqualTo(best));
        Assert.That(found.LogProbability, Is.EqualTo(log).Within(1e-12));
        Assert.That(found.Ended);
    }

    static double LogProbability(EncoderDecoder<double> model, int[] source, int[] target)
    {
        using EncoderDecoderPass<double> pass = model.Plan(source.Length, target.Length + 1, 1);
        pass.Head.Scale = 1;
        pass.Forward(source, [source.Length], (int[])[Begin, .. target], [target.Length + 1]);
        return -pass.Loss([.. target, End]);
    }

    [Test]
    public void ABatchIsSearchedAsItsSequencesAlone([Values(1, 3)] int beam)
    {
        using EncoderDecoder<double> model = Untrained(AttentionKind.Additive, 6);
        int[][] sources = [[1, 4, 2, 0], [3, 3], [0, 1, 2]];
        int[] padded = new int[4 * 3];
        for (int b = 0; b < 3; b++)
            for (int t = 0; t < sources[b].Length; t++) padded[t * 3 + b] = sources[b][t];
        using BeamSearch<double> together = model.PlanSearch(4, 7, 3, beam), alone = model.PlanSearch(4, 7, 1, beam);
        Hypothesis[] all = together.Run(padded, [4, 2, 3], Begin, End);
        for (int b = 0; b < 3; b++)
        {
            Hypothesis one = alone.Run(sources[b], [sources[b].Length], Begin, End)[0];
            Assert.That(all[b].Indices, Is.EqualTo(one.Indices));
            Assert.That(all[b].LogProbability, Is.EqualTo(one.LogProbability).Within(1e-12));
        }
    }

    /// <summary>Rows of numbers through dense layers, against central differences.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void GradientsReachTheLayersBeforeTheEncoder(string device)
    {
        const int S = 3, B = 2, I = 5, T = 2;
        using EncoderDecoder<double> model = new(TestDevices.Get(device), new()
        {
            SourceSize = I, SourceIsIndex = false, SourceLayers = [7, 6],
            TargetSize = 5, EmbeddingSize = 4,
            Hidden = 6, Attention = AttentionKind.Dot, Cell = Cell.Gru
        });
        model.Initialize(2);
        using EncoderDecoderPass<double> pass = model.Plan(S, T, B, new() { Training = true });
        double[] x = Numbers.Random(S * B * I, 4);
        double Loss(bool gradient)
        {
            pass.Forward(x.AsSpan(), [3, 2], [0, 0, 2, 3], [2, 1]);
            return pass.Loss([2, 3, 1, 0], gradient);
        }
        Loss(true);
        pass.Backward();
        foreach (string name in new[] { "source.0.weight", "source.0.bias", "source.1.weight", "encoder.weight_ih_l0", "embedding.weight" })
        {
            double[] gradient = model.Parameters.GetGradient(name), values = model.Parameters.Get(name);
            Assert.That(gradient.Any(g => g != 0), name);
            for (int i = 0; i < values.Length; i += 3)
            {
                double was = values[i], up = At(was + 1e-5), down = At(was - 1e-5);
                At(was);
                Assert.That(gradient[i], Is.EqualTo((up - down) / 2e-5).Within(1e-8 + 1e-5 * Math.Abs(gradient[i])), $"{name}[{i}]");

                double At(double value)
                {
                    values[i] = value;
                    model.Parameters.Set(name, values);
                    return Loss(false);
                }
            }
        }
    }

    [Test]
    public void MisuseIsOneClearLine()
    {
        Device device = TestDevices.Get("cpu");
        Assert.That(() => new EncoderDecoder<float>(device, new() { SourceSize = 3, TargetSize = 3, Hidden = 5 }),
            Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new EncoderDecoder<float>(device, new() { SourceSize = 3, TargetSize = 3, SourceLayers = [4] }),
            Throws.TypeOf<BadArgumentException>());
        using EncoderDecoder<float> model = new(device, new() { SourceSize = 3, TargetSize = 3, Hidden = 4 });
        Assert.That(() => model.PlanSearch(3, 3, 1, beam: 0), Throws.TypeOf<BadArgumentException>());
        using EncoderDecoderPass<float> pass = model.Plan(2, 2, 1);
        Assert.That(() => pass.Forward((int[])[0, 3], [2], (int[])[0, 1], [2]),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("3"));
        Assert.That(() => pass.Forward((int[])[0, 1], [2], (int[])[0, 7], [2]),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("7"));
    }
}
