using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>Packed weights in bfloat16: the run of the rounded weights, bit for bit, and near that of the float ones.</summary>
public class WeightPrecisionTests
{
    const int T = 7, B = 5, I = 9, H = 35;

    static IEnumerable<string> Kinds => ["lstm", "gru", "rnn_tanh", "relevance_lstm", .. TestCell.Names];

    static IEnumerable<float> Floats()
    {
        Random random = new(1);
        float[] special = [0, -0f, 1, -1, float.MaxValue, float.MinValue, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity,
            1 + 1f / 256, 1 + 3f / 256, 1 + 1f / 256 + 1e-6f, 3.3895314e38f];
        return special.Concat(Enumerable.Range(0, 5_000).Select(_ =>
            (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-120, 120)))));
    }

    [Test]
    public void RoundingIsToTheNearestAndTiesGoToEven()
    {
        foreach (float value in Floats().Where(float.IsNormal))
        {
            double rounded = ShortNumber.Rounded(value);
            Assert.That(BFloat.Value(BFloat.Of(value)), Is.EqualTo(rounded > 3.3961e38 ? float.PositiveInfinity
                : rounded < -3.3961e38 ? float.NegativeInfinity : (float)rounded), $"{value:R}");
        }
    }

    [Test]
    public void WhatIsNoNumberStaysNone()
    {
        foreach (uint bits in new uint[] { 0x7FFFFFFF, 0xFFFFFFFF, 0x7F800001, 0xFF800001, 0x7FC00000 })
            Assert.That(BFloat.Value(BFloat.Of(BitConverter.UInt32BitsToSingle(bits))), Is.NaN);
        Assert.That(BFloat.Value(BFloat.Of(float.NegativeInfinity)), Is.EqualTo(float.NegativeInfinity));
    }

    [Test]
    public void GroupsOfVectorsComeBackAsTheyWereLaidOut()
    {
        Vectors<Wide128<float>>();
        Vectors<Wide256<float>>();
        Vectors<Wide512<float>>();
        Vectors<Four<Wide128<float>, float>>();
        Vectors<Four<Wide512<float>, float>>();
    }

    static unsafe void Vectors<L>() where L : struct, IVector<L, float>
    {
        const int Most = 5;
        float[] numbers = [.. Floats()];
        BFloat* stored = stackalloc BFloat[Most * L.Width], again = stackalloc BFloat[L.Width];
        float* loaded = stackalloc float[L.Width];
        for (int count = 1, at = 0; at + count * L.Width <= numbers.Length; at += count * L.Width, count = count % Most + 1)
        {
            float Number(int i, int e) => BFloat.Value(BFloat.Of(numbers[at + i * L.Width + e]));
            HashSet<nint> places = [];
            for (int i = 0; i < count; i++)
                for (int e = 0; e < L.Width; e++)
                {
                    nint place = BFloat.Place<L>(i, e, count);
                    Assert.That(place, Is.InRange((nint)0, (nint)(count * L.Width - 1)));
                    Assert.That(places.Add(place), "two in one place");
                    stored[place] = BFloat.Of(numbers[at + i * L.Width + e]);
                }
            for (int i = 0; i < count; i++)
            {
                L vector = BFloat.LoadOf<L>(stored, i, count);
                L.Store(loaded, vector);
                BFloat.Store(again, vector);
                for (int e = 0; e < L.Width; e++)
                    Assert.That(loaded[e], Is.EqualTo(Number(i, e)).And.EqualTo(BFloat.Value(again[e])));
                L.Store(loaded, BFloat.Load<L>(again));
                for (int e = 0; e < L.Width; e++) Assert.That(loaded[e], Is.EqualTo(Number(i, e)));
            }
        }
    }

    static Recurrent<float> Network(Device device, string cell, bool rounded)
    {
        int hidden = cell == "rnn_tanh" ? 64 : H; // four vectors a lane
        Recurrent<float> network = TestCell.Network<float>(
            device, cell, I, hidden, new() { Layers = 2, Directions = Directions.Concatenated });
        int seed = 1;
        foreach (Parameter p in network.Parameters.All) Set(network, p, seed++, rounded);
        return network;
    }

    static void Set(Recurrent<float> network, Parameter p, int seed, bool rounded)
    {
        double[] numbers = Numbers.Rounded<float>(Numbers.Random((int)p.Length, seed, 0.3));
        if (rounded && p.Shape.Count == 2) numbers = [.. numbers.Select(ShortNumber.Rounded)];
        network.Parameters.Set(p.Name, Numbers.To<float>(numbers));
    }

    static float[] Run(Recurrent<float> network, WeightPrecision precision, Strategy? strategy = null, WorkSharing? sharing = null)
    {
        using Pass<float> pass = network.Plan(T, B, new() { WeightPrecision = precision, Strategy = strategy, Sharing = sharing });
        pass.SetLengths(T, [7, 3, 0, 7, 5]);
        return pass.Forward(Numbers.To<float>(Numbers.Random(T * B * I, 99)));
    }

    [Test]
    public void OutputsAreThoseOfTheRoundedWeightsBitForBit(
        [ValueSource(nameof(Kinds))] string cell, [Values(128, 256, 512)] int bits, [Values(1, 3)] int workers)
    {
        using Device device = Device.Open($"cpu:{workers}", new() { VectorBits = bits });
        using Recurrent<float> full = Network(device, cell, false), rounded = Network(device, cell, true);
        float[] expected = Run(rounded, WeightPrecision.Full);
        foreach (Strategy strategy in new[] { Strategy.SequencesOwned, Strategy.HiddenOwned })
            Assert.That(Run(full, WeightPrecision.BFloat16, strategy), Is.EqualTo(expected));
        Assert.That(Run(full, WeightPrecision.Full), Is.Not.EqualTo(expected), "the same network, in float again");
    }

    /// <summary>8 significant bits of each weight: outputs stay within 2e-2 of the float run's.</summary>
    [TestCaseSource(nameof(OnDevices)), Category("Device")]
    public void OutputsAreNearThoseOfFloat(string device, string cell)
    {
        using Recurrent<float> full = Network(TestDevices.Get(device), cell, false);
        double[] expected = [.. Run(full, WeightPrecision.Full).Select(v => (double)v)];
        Assert.That(Numbers.Error(Run(full, WeightPrecision.BFloat16), expected), Is.InRange(1e-4, 2e-2));
    }

    static IEnumerable<TestCaseData> OnDevices() =>
        from device in TestDevices.Ids
        from cell in new[] { "lstm", "gru", "rnn_tanh", "relevance_lstm" }
        select new TestCaseData(device, cell);

    /// <summary>A change of weights reaches passes of both precisions.</summary>
    [Test]
    public void BothCopiesFollowTheWeights()
    {
        using Recurrent<float> network = Network(TestDevices.Get("cpu"), "lstm", false);
        using Pass<float> full = network.Plan(T, B), half = network.Plan(T, B, new() { WeightPrecision = WeightPrecision.BFloat16 });
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 99)), before = full.Forward(x), halfBefore = half.Forward(x);
        Set(network, network.Parameters.All[0], 77, false);
        Assert.That(full.Forward(x), Is.Not.EqualTo(before));
        Assert.That(half.Forward(x), Is.Not.EqualTo(halfBefore).And.EqualTo(Run2()));

        float[] Run2()
        {
            using Recurrent<float> other = Network(TestDevices.Get("cpu"), "lstm", false);
            Set(other, other.Parameters.All[0], 77, false);
            using Pass<float> pass = other.Plan(T, B, new() { WeightPrecision = WeightPrecision.BFloat16 });
            return pass.Forward(x);
        }
    }

    [Test]
    public void TrainingAndDoubleAreRefused()
    {
        using Recurrent<float> network = Network(TestDevices.Get("cpu"), "lstm", false);
        Assert.That(() => network.Plan(T, B, new() { WeightPrecision = WeightPrecision.BFloat16, Training = true }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("inference"));
        using Recurrent<double> wide = new(TestDevices.Get("cpu"), Cell.Lstm, I, H);
        Assert.That(() => wide.Plan(T, B, new() { WeightPrecision = WeightPrecision.BFloat16 }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("double"));
        Assert.That(() => network.Plan(T, B, new() { WeightPrecision = (WeightPrecision)7 }), Throws.TypeOf<BadArgumentException>());
    }
}
