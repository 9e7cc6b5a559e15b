using System.Runtime.Intrinsics;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Layers;
using GpuRnn.State;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>Weights in int8: whole sums, the same for everybody; a few percent from the float run.</summary>
public unsafe class ByteWeightsTests
{
    const int T = 6, B = 5, I = 9, H = 35;

    static IEnumerable<string> Kinds => ["lstm", "gru", "rnn_tanh", "relevance_lstm", .. TestCell.Names];

    [Test]
    public void SumsOfProductsOfBytesAreWhole()
    {
        Sums<Wide128<float>>((sums, weights, inputs) => Wide128<float>.AddDots(sums, weights, inputs));
        Sums<Wide256<float>>((sums, weights, inputs) => Wide256<float>.AddDots(sums, weights, inputs));
        Sums<Wide512<float>>((sums, weights, inputs) => Wide512<float>.AddDots(sums, weights, inputs));
        Sums<Four<Wide256<float>, float>>((sums, weights, inputs) => Four<Wide256<float>, float>.AddDots(sums, weights, inputs));
    }

    static void Sums<L>(Func<L, L, L, L> add) where L : struct, IVector<L, float>
    {
        Random random = new(1);
        int* sums = stackalloc int[L.Width], made = stackalloc int[L.Width];
        sbyte* weights = stackalloc sbyte[4 * L.Width];
        byte* inputs = stackalloc byte[4 * L.Width];
        for (int turn = 0; turn < 300; turn++)
        {
            for (int i = 0; i < L.Width; i++) sums[i] = random.Next(-1_000_000, 1_000_000);
            for (int i = 0; i < 4 * L.Width; i++)
            {
                weights[i] = turn == 0 ? (sbyte)-127 : turn == 1 ? (sbyte)127 : (sbyte)random.Next(-127, 128);
                inputs[i] = turn < 2 ? (byte)127 : (byte)random.Next(128);
            }
            L.Store((float*)made, add(L.Load((float*)sums), L.Load((float*)weights), L.Load((float*)inputs)));
            for (int i = 0; i < L.Width; i++)
                Assert.That(made[i], Is.EqualTo(sums[i] + Enumerable.Range(4 * i, 4).Sum(k => weights[k] * inputs[k])));
        }
    }

    /// <summary>What processors without such an instruction run.</summary>
    [Test]
    public void ByteByByteIsTheSame()
    {
        Random random = new(2);
        for (int turn = 0; turn < 300; turn++)
        {
            byte[] weights = new byte[16], inputs = new byte[16];
            random.NextBytes(weights);
            for (int i = 0; i < 16; i++) inputs[i] = (byte)random.Next(128);
            Vector128<int> made = Wide128<float>.AddDots(
                Vector128.Create(turn), Vector128.Create(weights).AsInt32(), Vector128.Create(inputs).AsInt32());
            for (int i = 0; i < 4; i++)
                Assert.That(made[i], Is.EqualTo(turn + Enumerable.Range(4 * i, 4).Sum(k => (sbyte)weights[k] * inputs[k])));
        }
    }

    [Test]
    public void RowsAreRoundedToTheNearest([Values(1, 3, 4, 8, 15, 16, 21)] int count)
    {
        float[] row = [.. Numbers.Random(count, count, 3).Select(v => (float)v)];
        byte[] bytes = new byte[ByteRows.Groups(count) * 4];
        float scale;
        fixed (float* from = row) fixed (byte* to = bytes) scale = ByteRows.Round(from, count, to);
        Assert.That(scale, Is.EqualTo(row.Max(Math.Abs) / 63));
        for (int i = 0; i < count; i++) Assert.That((bytes[i] - 64) * scale, Is.EqualTo(row[i]).Within(0.5001 * scale));
        Assert.That(bytes[count..], Is.All.EqualTo(64));
    }

    [TestCase(0f), TestCase(1e-45f), TestCase(float.NaN), TestCase(float.PositiveInfinity), TestCase(float.MaxValue)]
    public void RowsOfAnything(float value)
    {
        float[] row = [.. Enumerable.Repeat(0f, 11)];
        row[3] = value;
        byte[] bytes = new byte[12];
        float scale;
        fixed (float* from = row) fixed (byte* to = bytes) scale = ByteRows.Round(from, 11, to);
        Assert.That(bytes, Is.All.InRange(1, 127));
        Assert.That(float.IsFinite(scale), Is.EqualTo(float.IsFinite(value)));
        for (int i = 0; i < 11; i++) if (i != 3) Assert.That(bytes[i], Is.EqualTo(64));
    }

    static Recurrent<float> Network(Device device, string cell, bool index = false, int inputs = I, int hidden = H, double scale = 0.3)
    {
        Recurrent<float> network = TestCell.Network<float>(device, cell, inputs, hidden, new()
        { Layers = index ? 1 : 2, Directions = Directions.Concatenated, IndexInput = index });
        int seed = 1;
        foreach (Parameter p in network.Parameters.All)
            network.Parameters.Set(p.Name, Numbers.To<float>(Numbers.Random((int)p.Length, seed++, scale)));
        return network;
    }

    static float[] Run(Recurrent<float> network, WeightPrecision precision, Strategy? strategy = null)
    {
        using Pass<float> pass = network.Plan(T, B, new() { WeightPrecision = precision, Strategy = strategy });
        pass.SetLengths(T, [6, 3, 0, 6, 5]);
        return pass.Forward(Numbers.To<float>(Numbers.Random(T * B * I, 99)));
    }

    [Test]
    public void OutputsAreNearThoseOfFloat([ValueSource(nameof(Kinds))] string cell, [Values(128, 256, 512)] int bits)
    {
        using Device device = Device.Open("cpu", new() { VectorBits = bits });
        using Recurrent<float> network = Network(device, cell);
        double[] expected = [.. Run(network, WeightPrecision.Full).Select(v => (double)v)];
        Assert.That(Numbers.Error(Run(network, WeightPrecision.Int8), expected), Is.InRange(1e-4, 0.1));
    }

    /// <summary>Of any vectors too, but for statistics of a row, which are sums a panel.</summary>
    [Test]
    public void TheSameBitsForAnyWorkersAndVectors([ValueSource(nameof(Kinds))] string cell)
    {
        float[]? first = null;
        foreach (int bits in new[] { 128, 256, 512 })
        {
            if (cell == "rnn_normalized") first = null;
            foreach (int workers in new[] { 1, 2, 3 })
            {
                using Device device = Device.Open($"cpu:{workers}", new() { VectorBits = bits });
                using Recurrent<float> network = Network(device, cell);
                foreach (Strategy strategy in new[] { Strategy.SequencesOwned, Strategy.HiddenOwned })
                {
                    float[] outputs = Run(network, WeightPrecision.Int8, strategy);
                    Assert.That(outputs, Is.EqualTo(first ??= outputs), $"{bits} bits, {workers} workers, {strategy}");
                }
            }
        }
    }

    /// <summary>Four vectors a lane, states to begin with, and a grid of workers; states are those of a whole run.</summary>
    [Test]
    public void GridsAndStates([Values("lstm", "gru", "rnn_tanh")] string cell, [Values(128, 256, 512)] int bits)
    {
        float[]? whole = null;
        foreach (int workers in new[] { 1, 4 })
        {
            using Device device = Device.Open($"cpu:{workers}", new() { VectorBits = bits });
            // with larger weights an RNN of so many units would be chaotic: every rounding grows
            using Recurrent<float> network = Network(device, cell, hidden: 64, scale: 0.15);
            PassOptions options = new() { WeightPrecision = WeightPrecision.Int8, Sharing = workers == 4 ? new(2, 2, 0) : null };
            using Pass<float> pass = network.Plan(T, B, options), full = network.Plan(T, B);
            float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 99)), states = Numbers.To<float>(Numbers.Random(4 * B * 64, 3, 0.9)),
                cs = cell == "lstm" ? Numbers.To<float>(Numbers.Random(4 * B * 64, 4, 0.9)) : [];
            pass.SetInitialStates(states, cs);
            full.SetInitialStates(states, cs);
            float[] y = pass.Forward(x);
            Assert.That(Numbers.Error(y, [.. full.Forward(x).Select(v => (double)v)]), Is.InRange(1e-4, 0.1));
            Assert.That(y, Is.EqualTo(whole ??= y), $"{workers} workers");
        }
    }

    /// <summary>More rows than are rounded at a time.</summary>
    [Test]
    public void MoreRowsThanABlock()
    {
        const int Many = ByteRows.Block + 7;
        using Recurrent<float> network = Network(TestDevices.Get("cpu"), "gru");
        float[] x = Numbers.To<float>(Numbers.Random(Many * I, 8));
        PassOptions options = new() { WeightPrecision = WeightPrecision.Int8, Sharing = new(1, 1, 0) };
        using Pass<float> all = network.Plan(1, Many, options), few = network.Plan(1, 9, options);
        float[] y = all.Forward(x);
        Assert.That(y[^(9 * network.OutputSize)..], Is.EqualTo(few.Forward(x.AsSpan()[^(9 * I)..])));
    }

    /// <summary>Plain loops over the rule: weights and rows rounded, whole sums, and the equations in double.</summary>
    [Test]
    public void OutputsFollowTheRule([Values(1, 4, 13)] int sequences)
    {
        const int Steps = 3, Inputs = 7, Hidden = 21;
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, Inputs, Hidden);
        network.Initialize(3);
        float[] x = Numbers.To<float>(Numbers.Random(Steps * sequences * Inputs, 5));
        using Pass<float> pass = network.Plan(Steps, sequences, new() { WeightPrecision = WeightPrecision.Int8 });
        float[] got = pass.Forward(x);
        float[] Of(string name) => network.Parameters.Get(name + "_l0");
        float[] wx = Of("weight_ih"), wh = Of("weight_hh"), bx = Of("bias_ih"), bh = Of("bias_hh");
        double[] expected = new double[got.Length];
        for (int b = 0; b < sequences; b++)
        {
            double[] h = new double[Hidden], c = new double[Hidden];
            for (int t = 0; t < Steps; t++)
            {
                double[] now = [.. x[((t * sequences + b) * Inputs)..][..Inputs].Select(v => (double)v)];
                double[] z = [.. Enumerable.Range(0, 4 * Hidden).Select(row => (double)bx[row] + bh[row]
                    + Dot(wx[(row * Inputs)..((row + 1) * Inputs)], now)
                    + (t > 0 ? Dot(wh[(row * Hidden)..((row + 1) * Hidden)], h) : 0))];
                double Sigmoid(int gate, int u) => 1 / (1 + Math.Exp(-z[gate * Hidden + u]));
                for (int u = 0; u < Hidden; u++)
                {
                    c[u] = Sigmoid(1, u) * c[u] + Sigmoid(0, u) * Math.Tanh(z[2 * Hidden + u]);
                    h[u] = Sigmoid(3, u) * Math.Tanh(c[u]);
                }
                h.CopyTo(expected, (t * sequences + b) * Hidden);
            }
        }
        Assert.That(Numbers.Error(got, expected), Is.LessThan(1e-6));

        static double Dot(float[] weights, double[] row)
        {
            double scale = weights.Max(Math.Abs) / 127.0, rowScale = row.Max(Math.Abs) / 63;
            return scale * rowScale
                * weights.Zip(row, (w, v) => Math.Round(w / scale) * Math.Floor(v / rowScale + 0.5)).Sum();
        }
    }

    /// <summary>An index is a row of one one.</summary>
    [Test]
    public void IndicesAreOneHotVectors([Values("lstm", "gru", "rnn_tanh")] string cell)
    {
        const int Vocabulary = 11;
        using Recurrent<float> sparse = Network(TestDevices.Get("cpu"), cell, index: true, Vocabulary);
        using Recurrent<float> dense = TestCell.Network<float>(
            TestDevices.Get("cpu"), cell, Vocabulary, H, new() { Directions = Directions.Concatenated });
        foreach (Parameter p in sparse.Parameters.All) dense.Parameters.Set(p.Name, sparse.Parameters.Get(p.Name));
        Random random = new(4);
        int[] indices = [.. Enumerable.Range(0, T * B).Select(_ => random.Next(Vocabulary))];
        float[] x = new float[T * B * Vocabulary];
        for (int i = 0; i < indices.Length; i++) x[i * Vocabulary + indices[i]] = 1;
        PassOptions options = new() { WeightPrecision = WeightPrecision.Int8 };
        using Pass<float> one = sparse.Plan(T, B, options), other = dense.Plan(T, B, options);
        Assert.That(Numbers.Error(one.Forward(indices), [.. other.Forward(x).Select(v => (double)v)]), Is.LessThan(1e-5));
    }

    /// <summary>Live sequences, a step at a time and some of them at a time: the bits of a whole run.</summary>
    [Test]
    public void LiveSequences([Values] WeightPrecision precision, [Values("lstm", "gru")] string cell)
    {
        Device device = TestDevices.Get("cpu");
        using Recurrent<float> network = TestCell.Network<float>(device, cell, I, H, new() { Layers = 2 });
        network.Initialize(5);
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 99));
        PassOptions options = new() { WeightPrecision = precision };
        using Pass<float> whole = network.Plan(T, B, options), step = network.Plan(1, 2, options);
        float[] expected = whole.Forward(x);
        using StateStore<float, int> store = new(network, B);
        for (int b = 0; b < B; b++) store.Open(b);
        foreach (int[] ready in new[] { [4, 1], [0, 3], new[] { 2 } })
        {
            store.Bind(step, ready, 1);
            for (int t = 0; t < T; t++)
            {
                float[] y = step.Forward([.. ready.SelectMany(b => x[((t * B + b) * I)..][..I])]);
                Assert.That(y[..(ready.Length * H)], Is.EqualTo(ready.SelectMany(b => expected[((t * B + b) * H)..][..H])), $"{t}");
            }
        }
    }

    /// <summary>A sequence alone has the bits that it has among others.</summary>
    [Test]
    public void ASequenceAloneIsTheSame()
    {
        using Recurrent<float> network = Network(TestDevices.Get("cpu"), "lstm");
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 99));
        PassOptions options = new() { WeightPrecision = WeightPrecision.Int8 };
        using Pass<float> all = network.Plan(T, B, options), one = network.Plan(T, 1, options);
        float[] together = all.Forward(x);
        int size = network.OutputSize;
        for (int b = 0; b < B; b++)
        {
            float[] alone = one.Forward([.. Enumerable.Range(0, T).SelectMany(t => x[((t * B + b) * I)..][..I])]);
            Assert.That(alone, Is.EqualTo(Enumerable.Range(0, T).SelectMany(t => together[((t * B + b) * size)..][..size])));
        }
    }

    [Test]
    public void WhatIsNotFiniteStaysSo([Values(float.NaN, float.PositiveInfinity)] float value)
    {
        using Recurrent<float> network = Network(TestDevices.Get("cpu"), "rnn_tanh");
        using Pass<float> pass = network.Plan(1, 2, new() { WeightPrecision = WeightPrecision.Int8 });
        float[] x = new float[2 * I];
        x[3] = value;
        float[] y = pass.Forward(x);
        Assert.That(y[..network.OutputSize], Is.All.NaN);
        Assert.That(y[network.OutputSize..].All(float.IsFinite));
    }

    [Test]
    public void TrainingDoubleAndGpusAreRefused()
    {
        using Recurrent<float> network = Network(TestDevices.Get("cpu"), "lstm");
        Assert.That(() => network.Plan(T, B, new() { WeightPrecision = WeightPrecision.Int8, Training = true }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("inference").And.Message.Contains("int8"));
        using Recurrent<double> wide = new(TestDevices.Get("cpu"), Cell.Lstm, I, H);
        Assert.That(() => wide.Plan(T, B, new() { WeightPrecision = WeightPrecision.Int8 }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("double"));
        foreach (string gpu in TestDevices.Ids.Where(id => id != "cpu"))
        {
            using Recurrent<float> there = new(TestDevices.Get(gpu), Cell.Lstm, I, H);
            Assert.That(() => there.Plan(T, B, new() { WeightPrecision = WeightPrecision.Int8 }),
                Throws.TypeOf<BadArgumentException>().With.Message.Contains("for a CPU"));
        }
    }
}
