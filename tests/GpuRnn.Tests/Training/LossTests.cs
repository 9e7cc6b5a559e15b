using GpuRnn.Layers;
using GpuRnn.Tests.Devices;
using GpuRnn.Tests.Numerics;

namespace GpuRnn.Tests.Training;

/// <summary>Every loss against its definition in double precision; its gradients are the definition's, by central differences.</summary>
public class LossTests
{
    const int T = 3, B = 4, I = 2, H = 5, V = 6;
    static readonly int[] s_lengths = [3, 1, 0, 2];

    static IEnumerable<TestCaseData> Cases() =>
        from device in TestDevices.Ids
        from loss in new[]
        {
            Loss.SoftmaxCrossEntropy, Loss.BinaryCrossEntropy, Loss.MeanSquaredError, Loss.MeanAbsoluteError, Loss.Huber(0.3),
                Loss.Huber(2),
        }
        from activation in Enum.GetValues<Activation>()
        where activation == Activation.Identity
            || loss.Name.StartsWith("Mean", StringComparison.Ordinal) || loss.Name == nameof(Loss.Huber)
        from element in new[] { typeof(float), typeof(double) }
        select new TestCaseData(device, loss, activation, element)
            .SetArgDisplayNames(device, $"{loss} {loss.Number}", $"{activation}", element.Name);

    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void ValueAndGradients(string device, Loss loss, Activation activation, Type element)
    {
        if (element == typeof(float)) Compare<float>(TestDevices.Get(device), loss, activation, 2e-5);
        else Compare<double>(TestDevices.Get(device), loss, activation, 1e-7);
    }

    static void Compare<E>(Device device, Loss loss, Activation activation, double tolerance) where E : unmanaged, IFloatingPointIeee754<E>
    {
        using Parameters<E> parameters = new(device);
        using Recurrent<E> network = new(parameters, Cell.RnnTanh, I, H);
        using Dense<E> layer = new(parameters, H, V, activation);
        network.Initialize(1);
        layer.Initialize(2);
        using Pass<E> pass = network.Plan(T, B, new() { Training = true });
        pass.SetLengths(T, s_lengths);
        using DensePass<E> head = layer.Plan(pass, loss);
        Random random = new(7);
        int[] classes = [.. Enumerable.Range(0, T * B).Select(_ => random.Next(V))];
        double Target() => loss == Loss.BinaryCrossEntropy ? random.NextDouble() : 4 * random.NextDouble() - 2;
        double[] targets = [.. Enumerable.Range(0, T * B * V).Select(_ => Target())],
            weights = [.. Enumerable.Range(0, T * B).Select(i => i == 5 ? 0 : random.NextDouble())];
        E[] y = new E[T * B * H], dy = new E[y.Length];
        pass.Forward(Numbers.To<E>(Numbers.Random(T * B * I, 3)), y);
        if (loss == Loss.SoftmaxCrossEntropy) head.SetClasses(classes);
        else head.SetTargets(Numbers.To<E>(targets));
        head.SetRowWeights(Numbers.To<E>(weights));
        head.Scale = 0.7;
        head.Forward(gradient: true);
        double value = head.ReadLoss();
        head.Backward();
        GpuRnn.Memory.DeviceCopy.Download<E>(device, pass.OutputGradient, dy);

        double[] w = Numbers.Of(parameters.Get("decoder.weight")), b = Numbers.Of(parameters.Get("decoder.bias")), rows = Numbers.Of(y);
        double Definition()
        {
            double total = 0;
            for (int row = 0; row < T * B; row++)
            {
                if (row / B >= s_lengths[row % B]) continue;
                double Sum(int v) => b[v] + Enumerable.Range(0, H).Sum(k => w[v * H + k] * rows[row * H + k]);
                double[] o = [.. Enumerable.Range(0, V).Select(v => Activated(activation, Sum(v)))];
                total += 0.7 * weights[row] * Of(loss, o, classes[row], targets.AsSpan(row * V, V));
            }
            return total;
        }
        double[] Slopes(double[] at) =>
        [
            .. Enumerable.Range(0, at.Length).Select(i =>
            {
                const double step = 1e-6;
                double before = at[i];
                at[i] = before + step;
                double up = Definition();
                at[i] = before - step;
                double down = Definition();
                at[i] = before;
                return (up - down) / (2 * step);
            })
        ];
        Assert.Multiple(() =>
        {
            Assert.That(value, Is.EqualTo(Definition()).Within(tolerance * Definition()), "loss");
            Assert.That(Numbers.Error(Numbers.Of(parameters.GetGradient("decoder.weight")), Slopes(w)), Is.LessThan(tolerance), "dW");
            Assert.That(Numbers.Error(Numbers.Of(parameters.GetGradient("decoder.bias")), Slopes(b)), Is.LessThan(tolerance), "db");
            double[] da = Slopes(rows), got = Numbers.Of(dy);
            for (int row = 0; row < T * B; row++)
                if (row / B < s_lengths[row % B])
                {
                    double error = Numbers.Error(got[(row * H)..((row + 1) * H)], da[(row * H)..((row + 1) * H)]);
                    Assert.That(error, Is.LessThan(5 * tolerance), $"da {row}");
                }
        });
    }

    static double Activated(Activation activation, double x) => activation switch
    {
        Activation.Tanh => Math.Tanh(x),
        Activation.Relu => Math.Max(0, x),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => x,
    };

    static double Of(Loss loss, double[] o, int target, ReadOnlySpan<double> values)
    {
        if (loss == Loss.SoftmaxCrossEntropy) return Math.Log(o.Sum(Math.Exp)) - o[target];
        double sum = 0;
        for (int v = 0; v < o.Length; v++)
        {
            double t = values[v], size = Math.Abs(o[v] - t), p = 1 / (1 + Math.Exp(-o[v]));
            sum += loss.Name switch
            {
                nameof(Loss.BinaryCrossEntropy) => -t * Math.Log(p) - (1 - t) * Math.Log(1 - p),
                nameof(Loss.MeanSquaredError) => size * size / o.Length,
                nameof(Loss.MeanAbsoluteError) => size / o.Length,
                _ => (size <= loss.Number ? size * size / 2 : loss.Number * (size - loss.Number / 2)) / o.Length,
            };
        }
        return sum;
    }

    [Test]
    public void TheSlopeAtNoErrorIsNone()
    {
        foreach (Loss loss in new[] { Loss.MeanAbsoluteError, Loss.Huber(), Loss.MeanSquaredError })
        {
            using Parameters<float> parameters = new(TestDevices.Get("cpu"));
            using Recurrent<float> network = new(parameters, Cell.RnnTanh, 1, 1);
            using Dense<float> layer = new(parameters, 1, 3);
            using Pass<float> pass = network.Plan(1, 1, new() { Training = true });
            using DensePass<float> head = layer.Plan(pass, loss);
            pass.Forward(new float[1], []);
            head.SetTargets([0, float.NaN, float.PositiveInfinity]);
            head.Forward(gradient: true);
            head.Backward();
            float[] gradient = parameters.GetGradient("decoder.bias");
            Assert.That(gradient[0], Is.Zero, $"{loss}");
            Assert.That(gradient[1], Is.NaN, $"{loss}: what is no number is told");
            Assert.That(gradient[2], Is.LessThan(0), $"{loss}");
        }
    }

    [TestCase(0), TestCase(-1), TestCase(double.NaN), TestCase(double.PositiveInfinity)]
    public void DeltaIsAboveZero(double delta) =>
        Assert.That(() => Loss.Huber(delta), Throws.TypeOf<BadArgumentException>().With.Message.Contains("delta"));

    [Test]
    public void TargetsOfTheWrongKindAreToldWhichToGive()
    {
        using Parameters<float> parameters = new(TestDevices.Get("cpu"));
        using Recurrent<float> network = new(parameters, Cell.RnnTanh, 1, 1);
        using Dense<float> layer = new(parameters, 1, 2);
        using Pass<float> pass = network.Plan(1, 1);
        using DensePass<float> none = layer.Plan(pass), softmax = layer.Plan(pass, Loss.SoftmaxCrossEntropy),
            huber = layer.Plan(pass, Loss.Huber());
        Assert.That(() => none.SetClasses([0]), Throws.TypeOf<BadArgumentException>().With.Message.Contains("plan the layer with a loss"));
        Assert.That(() => softmax.SetTargets([0, 1]), Throws.TypeOf<BadArgumentException>().With.Message.Contains("SetClasses"));
        Assert.That(() => huber.LabelSmoothing = 0.1, Throws.TypeOf<BadArgumentException>().With.Message.Contains("Huber"));
        Assert.That(() => huber.SetClasses([0]), Throws.TypeOf<BadArgumentException>().With.Message.Contains("SetTargets"));
    }
}
