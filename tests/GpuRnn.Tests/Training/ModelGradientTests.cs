using GpuRnn.Layers;
using GpuRnn.Memory;

namespace GpuRnn.Tests.Training;

/// <summary>
/// A whole encoder-decoder - embedding, two directions, bridge, attention, a hidden dense layer, dropout everywhere, a tied output with
/// smoothed labels, ragged on both sides - against central differences of its own loss in double precision: whatever a part's backward
/// pass gets wrong shows.
/// </summary>
public class ModelGradientTests
{
    const int S = 4, T = 3, B = 3, V = 7, D = 5, H = 6;

    sealed class Model : IDisposable
    {
        readonly List<IDisposable> parts = [];
        readonly Embedding<double> table;
        readonly Recurrent<double> encoder, decoder;
        readonly Attention<double> attention;
        readonly Dense<double> mix, head;
        readonly Pass<double> encode, decode;
        readonly EmbeddingPass<double> read, write;
        readonly StateBridge<double> bridge;
        readonly AttentionPass<double> look;
        readonly HiddenLayerPass<double> mixed;
        readonly DropoutPass<double> drop;
        readonly DensePass<double> loss;
        readonly int[] source = [1, 2, 3, 4, 5, 6, 0, 1, 9, 2, 9, 9], target = [1, 0, 4, 2, 2, 6, 3, 9, 9],
            classes = [2, 6, 0, 3, 5, 1, 5, 9, 9];
        public long Step;

        public Model(Device device, string cell, AttentionKind kind, DropoutOptions? dropout)
        {
            Parameters = Add(new Parameters<double>(device));
            table = new(Parameters, V, D);
            encoder = Add(new Recurrent<double>(Parameters,
                Cell.Named(cell), D, H / 2,
                new() { Directions = Directions.Concatenated, Layers = 2, Prefix = "encoder." }));
            decoder = Add(new Recurrent<double>(Parameters, Cell.Named(cell), D, H, new() { Layers = 2, Prefix = "decoder." }));
            attention = Add(new Attention<double>(Parameters, kind, H, H, size: 9));
            mix = Add(new Dense<double>(Parameters, 2 * H, D, Activation.Tanh, prefix: "mix."));
            head = Add(new Dense<double>(table, prefix: "head."));
            table.Initialize(1, 0.5);
            encoder.Initialize(2);
            decoder.Initialize(3);
            attention.Initialize(4);
            mix.Initialize(5);
            head.Initialize(6);
            encode = Add(encoder.Plan(S, B, new() { Training = true, Dropout = dropout }));
            decode = Add(decoder.Plan(T, B, new() { Training = true, Dropout = dropout }));
            (read, write) = (Add(table.Plan(encode)), Add(table.Plan(decode)));
            bridge = new(encode, decode);
            look = Add(attention.Plan(decode, encode));
            mixed = Add(mix.PlanHidden(look));
            drop = Add(new Dropout(dropout ?? new()).Plan(mixed));
            loss = Add(head.Plan(drop, Loss.SoftmaxCrossEntropy));
            loss.LabelSmoothing = 0.1;
        }

        T Add<T>(T part) where T : IDisposable
        {
            parts.Add(part);
            return part;
        }

        public Parameters<double> Parameters { get; }
        public AttentionPass<double> Attention => look;

        public double Forward(bool gradient)
        {
            encode.SetLengths(S, [4, 3, 2]);
            decode.SetLengths(T, [3, 2, 2]);
            (encode.DropoutStep, decode.DropoutStep) = (Step, Step);
            read.Forward(source);
            encode.Forward();
            write.Forward(target);
            bridge.Forward();
            decode.Forward();
            look.Forward();
            mixed.Forward();
            drop.Forward(Step);
            loss.SetClasses(classes);
            loss.Forward(gradient);
            return loss.ReadLoss();
        }

        public void Backward()
        {
            loss.Backward();
            drop.Backward();
            mixed.Backward();
            look.Backward();
            decode.Backward();
            bridge.Backward();
            encode.BackwardWithStates();
            write.Backward(accumulate: true);
            read.Backward(accumulate: true);
        }

        public void Dispose()
        {
            parts.Reverse();
            parts.ForEach(p => p.Dispose());
        }
    }

    static IEnumerable<TestCaseData> Cases() =>
        from device in TestDevices.Ids
        from kind in Enum.GetValues<AttentionKind>()
        from dropout in new[] { null, new DropoutOptions { Rate = 0.3, Seed = 5 },
            new DropoutOptions { Rate = 0.3, Seed = 5, Variational = true } }
        where device == "cpu" || dropout is { Variational: true }
        select new TestCaseData(device, kind == AttentionKind.Dot ? "gru" : "lstm", kind, dropout)
            .SetArgDisplayNames(
                device, kind.ToString(),
                dropout is null ? "no dropout" : dropout.Variational ? "variational" : "dropout");

    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void EveryGradientIsTheSlopeOfTheLoss(string device, string cell, AttentionKind kind, DropoutOptions? dropout)
    {
        using Model model = new(TestDevices.Get(device), cell, kind, dropout) { Step = 3 };
        double value = model.Forward(true);
        model.Backward();
        Assert.That(double.IsFinite(value));
        Random random = new(1);
        foreach (Parameter p in model.Parameters.All)
        {
            double[] gradient = model.Parameters.GetGradient(p.Name), values = model.Parameters.Get(p.Name);
            Assert.That(gradient.Any(g => g != 0), p.Name);
            for (int sample = 0; sample < 4; sample++)
            {
                int i = random.Next(values.Length);
                double was = values[i];
                double slope = (Loss(1e-5) - Loss(-1e-5)) / 2e-5;
                Loss(0);
                Assert.That(gradient[i], Is.EqualTo(slope).Within(1e-8 + 1e-6 * Math.Abs(slope)), $"{p.Name}[{i}]");

                double Loss(double by)
                {
                    values[i] = was + by;
                    model.Parameters.Set(p.Name, values);
                    return model.Forward(false);
                }
            }
        }
    }

    [Test]
    public void WeightsOfAttentionAreAMeanOverTheStepsThatLive()
    {
        using Model model = new(TestDevices.Get("cpu"), "lstm", AttentionKind.Additive, null);
        model.Forward(false);
        double[] weights = Enumerable.Repeat(-1.0, T * B * S).ToArray();
        model.Attention.ReadWeights(weights);
        int[] source = [4, 3, 2], target = [3, 2, 2];
        for (int t = 0; t < T; t++)
            for (int b = 0; b < B; b++)
            {
                double[] row = weights[((t * B + b) * S)..((t * B + b + 1) * S)];
                if (t >= target[b]) Assert.That(row, Is.All.EqualTo(-1), "padding is left alone");
                else
                {
                    Assert.That(row.Sum(), Is.EqualTo(1).Within(1e-14));
                    Assert.That(row[..source[b]], Is.All.GreaterThan(0));
                    Assert.That(row[source[b]..], Is.All.Zero);
                }
            }
    }

    [Test]
    public void TheSameMasksOnEveryStepThatIsTheSame()
    {
        using Model model = new(TestDevices.Get("cpu"), "lstm", AttentionKind.Dot, new() { Rate = 0.5, Seed = 1 }),
            other = new(TestDevices.Get("cpu"), "lstm", AttentionKind.Dot, new() { Rate = 0.5, Seed = 2 });
        double first = model.Forward(false);
        Assert.That(model.Forward(false), Is.EqualTo(first));
        Assert.That(other.Forward(false), Is.Not.EqualTo(first), "another seed");
        model.Step++;
        Assert.That(model.Forward(false), Is.Not.EqualTo(first), "another step");
    }
}

/// <summary>Dropout's masks: their statistics, and that they are a function of key and place alone.</summary>
public class DropoutTests
{
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void MasksHaveTheRateAndTheSameBitsOnEveryDevice(string id)
    {
        const int T = 7, B = 50, H = 60;
        foreach (bool variational in new[] { false, true })
            foreach (bool batchFirst in new[] { false, true })
            {
                DropoutOptions options = new() { Rate = 0.25, Seed = 9, Variational = variational };
                float[] cpu = Masked(TestDevices.Get("cpu"), options, T, B, H, batchFirst);
                Assert.That(Masked(TestDevices.Get(id), options, T, B, H, batchFirst), Is.EqualTo(cpu));
                Assert.That(cpu.Distinct().Order(), Is.EqualTo(new[] { 0, 1 / 0.75f }));
                int drawn = variational ? B * H : T * B * H;
                Assert.That(cpu.Count(x => x == 0) / (double)cpu.Length, Is.EqualTo(0.25).Within(5 * Math.Sqrt(0.25 * 0.75 / drawn)));
                bool same = true;
                for (int t = 1; t < T; t++)
                    for (int i = 0; i < H; i++) same &= cpu[At(t, 3, i)] == cpu[At(0, 3, i)];
                Assert.That(same, Is.EqualTo(variational));
                Assert.That(Enumerable.Range(0, H).Any(i => cpu[At(0, 3, i)] != cpu[At(0, 4, i)]), "sequences differ");

                int At(int t, int b, int i) => ((batchFirst ? b * T + t : t * B + b) * H) + i;
            }
    }

    static float[] Masked(Device device, DropoutOptions options, int t, int b, int h, bool batchFirst)
    {
        using Recurrent<float> network = new(device, Cell.RnnTanh, 1, h);
        using Pass<float> pass = network.Plan(t, b, new() { Training = true, BatchFirst = batchFirst });
        using DropoutPass<float> dropout = new Dropout(options).Plan(pass);
        pass.Forward(new float[t * b], []);
        device.Upload<float>(Enumerable.Repeat(1f, t * b * h).ToArray(), pass.Output);
        dropout.Forward(17);
        float[] got = new float[t * b * h];
        device.Download<float>(dropout.Output, got);
        return got;
    }

    [TestCase(-0.1), TestCase(1.0), TestCase(double.NaN)]
    public void WrongRatesAreRefused(double rate)
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.RnnTanh, 1, 2, new() { Layers = 2 });
        Assert.That(() => network.Plan(1, 1, new() { Training = true, Dropout = new() { Rate = rate } }),
            Throws.TypeOf<BadArgumentException>());
    }

    [Test]
    public void InferenceIsNotDropped()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.RnnTanh, 2, 4, new() { Layers = 2 });
        network.Initialize(1);
        float[] plain = new float[3 * 2 * 4], other = new float[plain.Length], x = [.. Enumerable.Range(0, 12).Select(i => i / 10f)];
        using Pass<float> pass = network.Plan(3, 2), dropping = network.Plan(3, 2, new() { Dropout = new() { Rate = 0.5 } });
        pass.Forward(x, plain);
        dropping.Forward(x, other);
        Assert.That(other, Is.EqualTo(plain));
    }
}
