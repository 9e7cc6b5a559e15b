using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Tests.Devices;
using GpuRnn.Tests.Numerics;
using GpuRnn.Training;

namespace GpuRnn.Tests.Models;

public class SequenceRegressorTests
{
    const int T = 5, B = 4, I = 3, H = 7, V = 2;
    static readonly int[] s_lengths = [5, 2, 4, 1];

    /// <summary>The model is its parts: what they give by themselves.</summary>
    [Test]
    public void AnswersAreThoseOfItsParts([Values] bool everyStep, [Values("cpu")] string device)
    {
        RegressorOptions shape = new() { InputSize = I, Outputs = V, Hidden = H, Cell = Cell.Gru, Layers = 2 };
        using SequenceRegressor<double> model = new(TestDevices.Get(device), shape);
        model.Initialize(3);
        using RegressorPass<double> pass = model.Plan(T, B, new() { EveryStep = everyStep });
        using Pass<double> own = model.Network.Plan(T, B);
        own.SetLengths(T, s_lengths);
        double[] x = Numbers.Random(T * B * I, 2), h = own.Forward(x);
        double[] w = model.Parameters.Get("decoder.weight"), b = model.Parameters.Get("decoder.bias");
        pass.Forward(x, s_lengths);
        double[] outputs = pass.ReadOutputs();
        Assert.That(outputs, Has.Length.EqualTo((everyStep ? T : 1) * B * V));
        for (int s = 0; s < B; s++)
            for (int t = everyStep ? 0 : s_lengths[s] - 1; t < s_lengths[s]; t++)
                for (int v = 0; v < V; v++)
                {
                    double right = b[v] + Enumerable.Range(0, H).Sum(k => w[v * H + k] * h[(t * B + s) * H + k]);
                    Assert.That(outputs[((everyStep ? t * B : 0) + s) * V + v], Is.EqualTo(right).Within(1e-12));
                }
    }

    [TestCase(WeightPrecision.BFloat16), TestCase(WeightPrecision.Int8)]
    public void ShortWeightsReachTheLayers(WeightPrecision precision)
    {
        using SequenceRegressor<float> model = new(
            TestDevices.Get("cpu"), new() { InputSize = I, Outputs = V, Hidden = 33, Cell = Cell.Lstm, Layers = 2 });
        model.Initialize(3);
        using RegressorPass<float> full = model.Plan(T, B), shorter = model.Plan(T, B, new() { WeightPrecision = precision });
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 2));
        full.Forward(x, s_lengths);
        shorter.Forward(x, s_lengths);
        Assert.That(Numbers.Error(shorter.ReadOutputs(), [.. full.ReadOutputs().Select(v => (double)v)]), Is.InRange(1e-6, 0.1));
        Assert.That(() => model.Plan(T, B, new() { WeightPrecision = precision, Training = true }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("inference"));
    }

    static IEnumerable<TestCaseData> Losses() =>
        from device in TestDevices.Ids
        from loss in new[] { Loss.MeanSquaredError, Loss.MeanAbsoluteError, Loss.Huber(0.1) }
        select new TestCaseData(device, loss);

    /// <summary>The sum of a sequence's numbers, from sequences of any length.</summary>
    [TestCaseSource(nameof(Losses)), Category("Device"), Category("Learning")]
    public void LearnsASum(string device, Loss loss)
    {
        using SequenceRegressor<float> model = new(TestDevices.Get(device), new() { InputSize = 1, Hidden = 16, Loss = loss });
        model.Initialize(1);
        using RegressorPass<float> pass = model.Plan(6, 32, new() { Training = true });
        using AdamW<float> adam = new(model.Parameters, 0.01, weightDecay: 0);
        Random random = new(5);
        double first = 0, last = 0;
        for (int step = 0; step < 150; step++)
        {
            int[] lengths = [.. Enumerable.Range(0, 32).Select(_ => random.Next(1, 7))];
            float[] x = [.. Enumerable.Range(0, 6 * 32).Select(_ => random.NextSingle() - 0.5f)];
            pass.Forward(x, lengths);
            last = pass.Loss([.. lengths.Select((n, b) => Enumerable.Range(0, n).Sum(t => x[t * 32 + b]))], gradient: true);
            if (step == 0) first = last;
            pass.Backward();
            adam.Step();
        }
        Assert.That(last, Is.LessThan(first / 5));
    }

    [Test]
    public void ALossOfClassesIsRefused()
    {
        foreach (Loss loss in new[] { Loss.SoftmaxCrossEntropy, Loss.None })
            Assert.That(() => new SequenceRegressor<float>(TestDevices.Get("cpu"), new() { InputSize = 1, Loss = loss }),
                Throws.TypeOf<BadArgumentException>().With.Message.Contains("classifier"));
    }
}
