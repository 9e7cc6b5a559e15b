using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.State;

namespace GpuRnn.Tests.Contracts;

/// <summary>
/// A part that has run other batches - longer, wider, with other states, targets and lengths - gives the bits that a new one gives:
/// nothing of what was is left.
/// </summary>
public class ReuseTests
{
    const int MaxT = 9, MaxB = 7, Batches = 12;

    /// <summary>A batch of chance: sizes up to the planned ones, lengths of every kind.</summary>
    sealed record Drawn(int Seed, int T, int B, int[] Lengths)
    {
        public static IEnumerable<Drawn> Series(int seed, int least)
        {
            Random random = new(seed);
            for (int i = 0; i < Batches; i++)
            {
                // the largest first: what it leaves is there for all that follow
                (int t, int b) = i == 0 ? (MaxT, MaxB) : (random.Next(1, MaxT + 1), random.Next(1, MaxB + 1));
                bool even = random.Next(3) == 0;
                yield return new(1000 * seed + i, t, b, [.. Enumerable.Range(0, b)
                    .Select(_ => even || i == 0 ? t : random.Next(least, t + 1))]);
            }
        }

        public float[] Numbers(int n, int salt) => Testing.Numbers.To<float>(Testing.Numbers.Random(n, Seed * 31 + salt));
        public int[] Indices(int n, int below, int salt)
        {
            Random random = new(Seed * 37 + salt);
            return [.. Enumerable.Range(0, n).Select(_ => random.Next(below))];
        }
    }

    static IEnumerable<TestCaseData> Passes() =>
        from cell in new[] { "lstm", "gru", "rnn_tanh", "relevance_lstm" }
        from options in new PassOptions[] { new() { Training = true }, new() { Training = true, Recompute = 2 },
            new() { Training = true, BatchFirst = true }, new() }
        from directions in new[] { Directions.Forward, Directions.Concatenated, Directions.Summed }
        from strategy in new Strategy?[] { null, Strategy.HiddenOwned }
        select new TestCaseData(cell, options with { Strategy = strategy }, directions).SetArgDisplayNames(
            cell, $"{(options.Training ? "training" : "inference")} {options.Recompute} {(options.BatchFirst ? "batch first" : "")} "
                + $"{strategy}", $"{directions}");

    [TestCaseSource(nameof(Passes))]
    public void APassThatRanOtherBatchesIsAsNew(string cell, PassOptions options, Directions directions)
    {
        const int I = 3, H = 19;
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Named(cell), I, H, new() { Layers = 2, Directions = directions });
        network.Initialize(1);
        using Pass<float> used = network.Plan(MaxT, MaxB, options);
        foreach (Drawn batch in Drawn.Series(3, least: 0))
        {
            using Pass<float> fresh = network.Plan(MaxT, MaxB, options);
            Assert.That(Of(used, batch), Is.EqualTo(Of(fresh, batch)), $"{batch.T} x {batch.B}");
        }

        float[][] Of(Pass<float> pass, Drawn d)
        {
            int states = 2 * network.DirectionCount * d.B * H;
            float[] y = new float[d.T * d.B * network.OutputSize], hn = new float[states], cn = new float[network.HasC ? states : 0];
            pass.SetLengths(d.T, d.Lengths);
            if (d.Seed % 3 == 0) pass.SetInitialStates(d.Numbers(states, 1), network.HasC && d.Seed % 2 == 0 ? d.Numbers(states, 2) : []);
            else pass.ClearInitialStates();
            pass.Forward(d.Numbers(d.T * d.B * I, 3), y);
            pass.GetFinalStates(hn, cn);
            if (!options.Training) return [y, hn, cn];
            bool last = d.Seed % 4 == 1;
            pass.Backward(last ? [] : d.Numbers(y.Length, 4), last ? d.Numbers(states, 5) : []);
            float[] dx = new float[d.T * d.B * I], dh0 = new float[states];
            pass.GetInputGradient(dx);
            pass.GetInitialStateGradients(dh0);
            return [y, hn, cn, dx, dh0, .. network.Parameters.All.Select(p => network.Parameters.GetGradient(p.Name))];
        }
    }

    [TestCase(true, true), TestCase(true, false), TestCase(false, true), TestCase(false, false)]
    public void AnEncoderDecoderThatRanOtherBatchesIsAsNew(bool index, bool additive)
    {
        const int size = 6, v = 5;
        using EncoderDecoder<float> model = new(TestDevices.Get("cpu"), new()
        {
            SourceSize = size, SourceIsIndex = index, SourceLayers = index ? [] : [7], TargetSize = v, EmbeddingSize = 9, Hidden = 10,
            Layers = 2,
            Attention = additive ? AttentionKind.Additive : AttentionKind.Dot,
        });
        model.Initialize(1);
        DropoutOptions dropout = new() { Rate = 0.3, Seed = 2 };
        using EncoderDecoderPass<float> used = model.Plan(MaxT, MaxT, MaxB, new() { Training = true, Dropout = dropout });
        using BeamSearch<float> usedSearch = model.PlanSearch(MaxT, 4, MaxB, 3);
        Drawn[] targets = [.. Drawn.Series(5, least: 1)];
        foreach ((Drawn source, int i) in Drawn.Series(4, least: 1).Select((s, i) => (s, i)))
        {
            using EncoderDecoderPass<float> fresh = model.Plan(MaxT, MaxT, MaxB, new() { Training = true, Dropout = dropout });
            using BeamSearch<float> search = model.PlanSearch(MaxT, 4, MaxB, 3);
            Drawn target = Fitted(targets[i], source.B);
            Assert.That(Of(used, source, target), Is.EqualTo(Of(fresh, source, target)), $"batch {i}");
            Hypothesis[] found = Search(usedSearch, source), right = Search(search, source);
            Assert.That(found.Select(f => f.LogProbability), Is.EqualTo(right.Select(f => f.LogProbability)));
            Assert.That(found.Select(f => f.Indices), Is.EqualTo(right.Select(f => f.Indices)));
        }

        Drawn Fitted(Drawn d, int b) => d with { B = b, Lengths = [.. Enumerable.Range(0, b).Select(s => d.Lengths[s % d.B])] };

        Hypothesis[] Search(BeamSearch<float> search, Drawn d) => index
            ? search.Run(d.Indices(d.T * d.B, size, 1), d.Lengths, 2, 3)
            : search.Run(d.Numbers(d.T * d.B * size, 1), d.Lengths, 2, 3);

        float[][] Of(EncoderDecoderPass<float> pass, Drawn s, Drawn t)
        {
            int[] read = t.Indices(t.T * t.B, v, 1), write = t.Indices(t.T * t.B, v, 2);
            if (index) pass.Forward(s.Indices(s.T * s.B, size, 1), s.Lengths, read, t.Lengths, s.Seed);
            else pass.Forward(s.Numbers(s.T * s.B * size, 1), s.Lengths, read, t.Lengths, s.Seed);
            float[] weights = new float[t.T * t.B * s.Lengths.Max()];
            pass.Attention.ReadWeights(weights);
            double loss = pass.Loss(write, gradient: true);
            pass.Backward();
            return [[(float)loss], weights, .. model.Parameters.All.Select(p => model.Parameters.GetGradient(p.Name))];
        }
    }

    /// <summary>
    /// New sources under the same targets: attention follows the encoder's lengths and rows, and wants their keys made first.
    /// </summary>
    [TestCase(AttentionKind.Dot), TestCase(AttentionKind.Additive)]
    public void AttentionFollowsTheEncoder(AttentionKind kind)
    {
        const int T = 5, B = 3, I = 2, H = 6;
        using Parameters<float> p = new(TestDevices.Get("cpu"));
        using Recurrent<float> encoder = new(p, Cell.Gru, I, H, new() { Prefix = "e." }),
            decoder = new(p, Cell.Gru, I, H, new() { Prefix = "d." });
        using Attention<float> attention = new(p, kind, H, H);
        encoder.Initialize(1);
        decoder.Initialize(2);
        attention.Initialize(3);
        using Pass<float> e = encoder.Plan(T, B), d = decoder.Plan(T, B), again = encoder.Plan(T, B);
        using AttentionPass<float> used = attention.Plan(d, e), fresh = attention.Plan(d, again);
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 1)), other = Numbers.To<float>(Numbers.Random(T * B * I, 2));
        float[] Output(AttentionPass<float> pass)
        {
            float[] rows = new float[T * B * 2 * H];
            GpuRnn.Memory.DeviceCopy.Download<float>(p.Device, pass.Output, rows);
            return rows;
        }
        d.Forward(x, []);
        e.Forward(x, []);
        used.Forward();
        float[] before = Output(used);
        foreach (int[] lengths in new int[][] { [2, 5, 1], [5, 5, 5] })
        {
            foreach (Pass<float> pass in new[] { e, again }) pass.SetLengths(T, lengths);
            Assert.That(used.ForwardQueries, Throws.InvalidOperationException, "no rows of this batch");
            foreach (Pass<float> pass in new[] { e, again }) pass.Forward(other, []);
            if (kind == AttentionKind.Additive) Assert.That(used.ForwardQueries, Throws.InvalidOperationException, "keys of other rows");
            used.Forward();
            fresh.Forward();
            Assert.That(Output(used), Is.EqualTo(Output(fresh)).And.Not.EqualTo(before));
            e.Forward(x, []);
            if (kind == AttentionKind.Additive) Assert.That(
                used.ForwardQueries, Throws.InvalidOperationException, "keys of the rows before");
            Assert.That(() => used.ReadWeights(new float[T * B * lengths.Max()]), Throws.InvalidOperationException);
            used.ForwardKeys();
            used.ForwardQueries();
        }
    }

    [TestCase(true), TestCase(false)]
    public void AClassifierThatRanOtherBatchesIsAsNew(bool everyStep)
    {
        const int size = 6, classes = 5;
        using SequenceClassifier<float> model = new(
            TestDevices.Get("cpu"), new() { InputSize = size, Classes = classes, Hidden = 11, Layers = 2, IndexInput = true });
        model.Initialize(1);
        using ClassifierPass<float> used = model.Plan(MaxT, MaxB, new() { Training = true, EveryStep = everyStep });
        foreach (Drawn batch in Drawn.Series(6, least: 1))
        {
            using ClassifierPass<float> fresh = model.Plan(MaxT, MaxB, new() { Training = true, EveryStep = everyStep });
            (double[] probabilities, float[][] gradients) = Of(used, batch);
            (double[] right, float[][] rightGradients) = Of(fresh, batch);
            Assert.That(probabilities, Is.EqualTo(right));
            Assert.That(gradients, Is.EqualTo(rightGradients));
        }

        (double[], float[][]) Of(ClassifierPass<float> pass, Drawn d)
        {
            pass.Forward(d.Indices(d.T * d.B, size, 1), d.Lengths);
            double[] probabilities = pass.ReadProbabilities();
            double loss = pass.Loss(d.Indices(everyStep ? d.T * d.B : d.B, classes, 2), gradient: true);
            pass.Backward();
            return ([loss, .. probabilities], [.. model.Parameters.All.Select(p => model.Parameters.GetGradient(p.Name))]);
        }
    }

    static IEnumerable<TestCaseData> Large() =>
        from device in new[] { "cpu", "cpu:1", "cpu:3" }
        from cell in new[] { "lstm", "gru", "rnn_tanh", "relevance_lstm" }
        from strategy in new[] { Strategy.SequencesOwned, Strategy.HiddenOwned }
        from sequences in new[] { 95, 97, 200 }
        select new TestCaseData(device, cell, strategy, sequences);

    /// <summary>
    /// Inference over more sequences than one projection takes: each has the bits that it has alone, in a smaller batch of the same pass
    /// too.
    /// </summary>
    [TestCaseSource(nameof(Large))]
    public void LargeBatchesOfInferenceAreTheirSequences(string id, string cell, Strategy strategy, int sequences)
    {
        const int T = 3, I = 5, H = 33;
        Device device = TestDevices.Get(id);
        using Recurrent<float> network = new(device, Cell.Named(cell), I, H);
        network.Initialize(1);
        using Pass<float> pass = network.Plan(T, sequences, new() { Strategy = strategy }), alone = network.Plan(T, 1);
        float[] x = Numbers.To<float>(Numbers.Random(T * sequences * I, 1)), y = new float[T * sequences * H], one = new float[T * H],
            input = new float[T * I];
        foreach (int b in new[] { sequences, 2, 50 })
        {
            pass.SetShape(T, b);
            pass.Forward(x.AsSpan(0, T * b * I), y.AsSpan(0, T * b * H));
            foreach (int s in new[] { 0, b / 2, b - 1 })
            {
                for (int t = 0; t < T; t++) x.AsSpan((t * b + s) * I, I).CopyTo(input.AsSpan(t * I));
                alone.Forward(input, one);
                for (int t = 0; t < T; t++) Assert.That(
                    y[((t * b + s) * H)..((t * b + s + 1) * H)], Is.EqualTo(one[(t * H)..((t + 1) * H)]), $"{s} of {b}, step {t}");
            }
        }
    }

    /// <summary>A store's batches of every size and company leave in each slot what the sequence alone has.</summary>
    [TestCase(false), TestCase(true)]
    public void AStoreThatServedOthersIsAsNew(bool training)
    {
        const int I = 3, H = 19, keys = 12;
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, I, H, new() { Layers = 2 });
        network.Initialize(1);
        using StateStore<float, int> store = new(network, keys);
        using Pass<float> used = network.Plan(MaxT, MaxB, new() { Training = training }), alone = network.Plan(MaxT, 1);
        Dictionary<int, (float[] H, float[] C)> states = [];
        Random random = new(8);
        foreach (Drawn d in Drawn.Series(7, least: 0).Concat(Drawn.Series(9, least: 0)))
        {
            int[] chosen = [.. Enumerable.Range(0, keys).OrderBy(_ => random.Next()).Take(d.B)];
            foreach (int key in chosen)
            {
                if (states.ContainsKey(key) && random.Next(5) == 0)
                {
                    store.Remove(key);
                    states.Remove(key);
                }
                if (states.TryAdd(key, (new float[2 * H], new float[2 * H]))) store.Open(key);
            }
            float[] x = d.Numbers(d.T * d.B * I, 1), y = new float[d.T * d.B * H];
            store.Bind(used, chosen, d.T, d.Lengths);
            used.Forward(x, y);
            if (training) used.Backward(d.Numbers(y.Length, 2));
            for (int b = 0; b < d.B; b++)
            {
                if (d.Lengths[b] == 0) continue;
                float[] one = new float[d.Lengths[b] * I], output = new float[d.Lengths[b] * H], h = new float[2 * H], c = new float[2 * H];
                for (int t = 0; t < d.Lengths[b]; t++) x.AsSpan((t * d.B + b) * I, I).CopyTo(one.AsSpan(t * I));
                alone.SetShape(d.Lengths[b], 1);
                alone.SetInitialStates(states[chosen[b]].H, states[chosen[b]].C);
                alone.Forward(one, output);
                alone.GetFinalStates(h, c);
                states[chosen[b]] = (h, c);
                for (int t = 0; t < d.T; t++)
                    Assert.That(y[((t * d.B + b) * H)..((t * d.B + b + 1) * H)], t < d.Lengths[b]
                        ? Is.EqualTo(output[(t * H)..((t + 1) * H)]) : Is.All.Zero);
            }
            foreach ((int key, (float[] right, float[] rightC)) in states)
            {
                float[] h = new float[2 * H], c = new float[2 * H];
                store.Read(key, h, c);
                Assert.That((h, c), Is.EqualTo((right, rightC)), $"key {key}");
            }
        }
    }
}
