using GpuRnn.Layers;
using GpuRnn.Memory;
using GpuRnn.Training;

namespace GpuRnn.Tests.Training;

/// <summary>Update steps, norms and clipping against the formulas in double precision.</summary>
public class OptimizerTests
{
    const int N = 10_007; // several blocks, and a rest

    static Parameters<E> Make<E>(string device, double[] values) where E : unmanaged, IFloatingPointIeee754<E>
    {
        Parameters<E> parameters = new(TestDevices.Get(device));
        parameters.Declare("p", N);
        parameters.Set("p", Numbers.To<E>(values));
        return parameters;
    }

    static void SetGradient<E>(Parameters<E> parameters, double[] gradient) where E : unmanaged, IFloatingPointIeee754<E> =>
        parameters.Device.Upload<E>(Numbers.To<E>(gradient), parameters.Gradients);

    static IEnumerable<TestCaseData> Devices() => TestDevices.Ids.Select(d => new TestCaseData(d));

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void AdamAndAdamW(string device)
    {
        foreach (bool decoupled in new[] { false, true })
        {
            double[] w = Numbers.Rounded<float>(Numbers.Random(N, 1)), m = new double[N], v = new double[N];
            using Parameters<float> parameters = Make<float>(device, w);
            using Optimizer<float> adam = decoupled
                ? new AdamW<float>(parameters, 0.01, 0.8, 0.95, 1e-6, 0.1) : new Adam<float>(parameters, 0.01, 0.8, 0.95, 1e-6, 0.1);
            for (int step = 1; step <= 5; step++)
            {
                double[] g = Numbers.Rounded<float>(Numbers.Random(N, 10 + step));
                SetGradient(parameters, g);
                Assert.That(adam.Step(), Is.EqualTo(Math.Sqrt(g.Sum(x => x * x))).Within(1e-3));
                for (int i = 0; i < N; i++)
                {
                    double gradient = g[i] + (decoupled ? 0 : 0.1 * w[i]);
                    if (decoupled) w[i] *= 1 - 0.01 * 0.1;
                    m[i] = 0.8 * m[i] + 0.2 * gradient;
                    v[i] = 0.95 * v[i] + 0.05 * gradient * gradient;
                    w[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.8, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-6);
                }
            }
            Assert.That(Numbers.Error(parameters.Get("p"), w), Is.LessThan(1e-5), decoupled ? "AdamW" : "Adam");
        }
    }

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void SgdWithMomentum(string device)
    {
        double[] w = Numbers.Random(N, 1), velocity = new double[N];
        using Parameters<float> parameters = Make<float>(device, w);
        using Sgd<float> sgd = new(parameters, 0.1, 0.9, 0.01);
        for (int step = 0; step < 5; step++)
        {
            double[] g = Numbers.Random(N, 20 + step);
            SetGradient(parameters, g);
            sgd.Step();
            for (int i = 0; i < N; i++) w[i] -= 0.1 * (velocity[i] = 0.9 * velocity[i] + g[i] + 0.01 * w[i]);
        }
        Assert.That(Numbers.Error(parameters.Get("p"), w), Is.LessThan(1e-5));
    }

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void NesterovLooksAheadAlongTheVelocity(string device)
    {
        double[] w = Numbers.Rounded<float>(Numbers.Random(N, 1)), velocity = new double[N];
        using Parameters<float> parameters = Make<float>(device, w);
        using Sgd<float> sgd = new(parameters, 0.1, 0.9, 0.01, nesterov: true);
        for (int step = 0; step < 5; step++)
        {
            double[] g = Numbers.Rounded<float>(Numbers.Random(N, 20 + step));
            SetGradient(parameters, g);
            sgd.Step();
            for (int i = 0; i < N; i++)
            {
                double gradient = g[i] + 0.01 * w[i];
                velocity[i] = 0.9 * velocity[i] + gradient;
                w[i] -= 0.1 * (gradient + 0.9 * velocity[i]);
            }
        }
        Assert.That(Numbers.Error(parameters.Get("p"), w), Is.LessThan(1e-5));
        Assert.That(() => new Sgd<float>(parameters, 0.1, nesterov: true), Throws.TypeOf<BadArgumentException>());
    }

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void RmsPropWithMomentum(string device)
    {
        double[] w = Numbers.Rounded<float>(Numbers.Random(N, 1)), square = new double[N], velocity = new double[N];
        using Parameters<float> parameters = Make<float>(device, w);
        using RmsProp<float> rms = new(parameters, 0.01, 0.9, 1e-5, 0.5, 0.1);
        for (int step = 0; step < 5; step++)
        {
            double[] g = Numbers.Rounded<float>(Numbers.Random(N, 30 + step));
            SetGradient(parameters, g);
            rms.Step();
            for (int i = 0; i < N; i++)
            {
                double gradient = g[i] + 0.1 * w[i];
                square[i] = 0.9 * square[i] + 0.1 * gradient * gradient;
                velocity[i] = 0.5 * velocity[i] + gradient / (Math.Sqrt(square[i]) + 1e-5);
                w[i] -= 0.01 * velocity[i];
            }
        }
        Assert.That(Numbers.Error(parameters.Get("p"), w), Is.LessThan(1e-5));
    }

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void GroupsHaveRatesAndDecaysOfTheirOwn(string device)
    {
        (string Name, int[] Shape)[] shapes =
            [("a.weight", [7, 5]), ("a.bias", [7]), ("frozen.weight", [3, 3]), ("slow.weight", [4, 4]), ("b.bias", [2])];
        using Parameters<float> parameters = new(TestDevices.Get(device));
        foreach ((string name, int[] shape) in shapes) parameters.Declare(name, shape);
        using AdamW<float> adam = new(parameters, 0.01, weightDecay: 0.5, groups:
        [
            new(p => p.Name.StartsWith("frozen", StringComparison.Ordinal)) { Rate = 0 },
            new(p => p.Name.StartsWith("slow", StringComparison.Ordinal)) { Rate = 0.1 },
            ParameterGroup.VectorsDoNotDecay,
        ]);
        foreach (Parameter p in parameters.All) parameters.Set(p.Name, Enumerable.Repeat(2f, (int)p.Length).ToArray());
        SetGradient(parameters, [.. Enumerable.Repeat(3.0, (int)parameters.Length)]);
        adam.Step(); // the first step of Adam is rate * sign(g)
        Assert.Multiple(() =>
        {
            Assert.That(parameters.Get("a.weight"), Is.All.EqualTo(2 * (1 - 0.01 * 0.5) - 0.01).Within(1e-6));
            Assert.That(parameters.Get("a.bias"), Is.All.EqualTo(2 - 0.01).Within(1e-6));
            Assert.That(parameters.Get("frozen.weight"), Is.All.EqualTo(2f));
            Assert.That(parameters.Get("slow.weight"), Is.All.EqualTo(2 * (1 - 0.001 * 0.5) - 0.001).Within(1e-6));
            Assert.That(parameters.Get("b.bias"), Is.All.EqualTo(2 - 0.01).Within(1e-6));
        });
    }

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void TheInfinityNormClipsByTheLargestElement(string device)
    {
        foreach (int at in new[] { 0, 4095, 4096, N - 1 })
        {
            double[] g = Numbers.Rounded<float>(Numbers.Random(N, 5));
            g[at] = -4;
            using Parameters<float> parameters = Make<float>(device, new double[N]);
            using Sgd<float> sgd = new(parameters, 1, clip: new() { Norm = 0.5, Kind = NormKind.Infinity, NonFinite = NonFinite.Skip });
            SetGradient(parameters, g);
            Assert.That(sgd.Step(), Is.EqualTo(4));
            Assert.That(Numbers.Error(parameters.Get("p"), [.. g.Select(x => -x * 0.5 / (4 + 1e-6))]), Is.LessThan(1e-6));
            foreach (double wrong in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            {
                g[at] = wrong;
                SetGradient(parameters, g);
                Assert.That(double.IsFinite(sgd.Step()), Is.False);
            }
            Assert.That(sgd.Skipped, Is.EqualTo(3));
        }
    }

    [TestCase(0.5), TestCase(1e6)]
    public void NormClippingIsThatOfTorch(double limit)
    {
        double[] g = Numbers.Random(N, 3);
        using Parameters<double> parameters = Make<double>("cpu", new double[N]);
        using Sgd<double> sgd = new(parameters, 1, clip: new() { Norm = limit });
        SetGradient(parameters, g);
        double norm = Math.Sqrt(g.Sum(x => x * x)), scale = Math.Min(1, limit / (norm + 1e-6));
        Assert.That(sgd.Step(), Is.EqualTo(norm).Within(1e-10));
        Assert.That(Numbers.Error(parameters.Get("p"), [.. g.Select(x => -x * scale)]), Is.LessThan(1e-13));
    }

    [Test]
    public void ValueClipping()
    {
        double[] g = Numbers.Random(N, 3);
        using Parameters<double> parameters = Make<double>("cpu", new double[N]);
        using Sgd<double> sgd = new(parameters, 1, clip: new() { Value = 0.25 });
        SetGradient(parameters, g);
        double[] clipped = [.. g.Select(x => Math.Clamp(x, -0.25, 0.25))];
        Assert.That(sgd.Step(), Is.EqualTo(Math.Sqrt(clipped.Sum(x => x * x))).Within(1e-10));
        Assert.That(parameters.Get("p"), Is.EqualTo(clipped.Select(x => -x)).Within(1e-15));
    }

    [TestCaseSource(nameof(Devices)), Category("Device")]
    public void ANonFiniteNormNeverReachesTheWeights(string device)
    {
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity })
        {
            double[] w = Numbers.Rounded<float>(Numbers.Random(N, 1)), g = Numbers.Random(N, 2);
            using Parameters<float> parameters = Make<float>(device, w);
            using Adam<float> skip = new(parameters, clip: new() { Norm = 1, Value = 0.5, NonFinite = NonFinite.Skip }),
                stop = new(parameters);
            SetGradient(parameters, g);
            float[] gradient = Numbers.To<float>(g);
            gradient[N / 2] = wrong;
            parameters.Device.Upload<float>(gradient, parameters.Gradients);
            Assert.That(double.IsFinite(skip.Step()), Is.False);
            Assert.That(skip.Skipped, Is.EqualTo(1));
            Assert.That(skip.Steps, Is.Zero);
            Assert.That(() => stop.Step(), Throws.TypeOf<NotFiniteException>().With.Message.Contains("unchanged"));
            Assert.That(parameters.Get("p"), Is.EqualTo(Numbers.To<float>(w)));
            Assert.That(skip.ReadStates().SelectMany(s => s), Is.All.Zero);
            SetGradient(parameters, g);
            skip.Step();
            Assert.That(parameters.Get("p"), Is.Not.EqualTo(Numbers.To<float>(w)));
        }
    }

    [Test]
    public void TheNormHasTheSameBitsForAnyNumberOfWorkers()
    {
        double[] g = Numbers.Random(N, 4);
        HashSet<double> norms = [];
        foreach (int workers in new[] { 1, 2, 3, 7 })
        {
            using Device device = Device.Open($"cpu:{workers}", new() { PinWorkers = false });
            using Parameters<float> parameters = new(device);
            parameters.Declare("p", N);
            SetGradient(parameters, g);
            using Sgd<float> sgd = new(parameters, 0);
            norms.Add(sgd.Step());
        }
        Assert.That(norms, Has.Count.EqualTo(1));
    }
}

/// <summary>Cells and losses are worth nothing if they do not learn.</summary>
public class LearningTests
{
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device"), Category("Learning")]
    public void RemembersTheFirstOfAFewSymbols(string device)
    {
        const int T = 6, B = 32, V = 4;
        using Parameters<float> parameters = new(TestDevices.Get(device));
        using Recurrent<float> network = new(parameters, Cell.Lstm, V, 24, new() { IndexInput = true });
        using Dense<float> head = new(parameters, 24, V);
        network.Initialize(1);
        head.Initialize(1);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        using DensePass<float> loss = head.Plan(pass, Loss.SoftmaxCrossEntropy, lastOnly: true);
        using Adam<float> adam = new(parameters, 0.02, clip: new() { Norm = 1 });
        Random random = new(1);
        double last = 0;
        for (int step = 0; step < 120; step++)
        {
            int[] x = [.. Enumerable.Range(0, T * B).Select(_ => random.Next(V))];
            pass.Forward(x, []);
            loss.SetClasses(x.AsSpan(0, B));
            loss.Forward(gradient: true);
            last = loss.ReadLoss();
            loss.Backward();
            pass.Backward();
            adam.Step();
        }
        Assert.That(last, Is.LessThan(0.1), "chance is ln 4 = 1.39");
    }
}
