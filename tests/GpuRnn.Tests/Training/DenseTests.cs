using GpuRnn.Layers;

namespace GpuRnn.Tests.Training;

/// <summary>The dense layer and its losses against plain loops in double precision.</summary>
public class DenseTests
{
    const int T = 3, B = 4, I = 3;

    static IEnumerable<TestCaseData> Cases() =>
        from device in TestDevices.Ids
        from loss in new[] { Loss.SoftmaxCrossEntropy, Loss.BinaryCrossEntropy, Loss.MeanSquaredError }
        from last in new[] { false, true }
        where device == "cpu" || !last
        select new TestCaseData(device, loss, last);

    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void LossAndGradients(string device, Loss loss, bool lastOnly)
    {
        foreach ((int h, int v) in device == "cpu" ? new[] { (18, 1), (18, 5), (33, 65), (7, 130), (16, 64) } : [(18, 21)])
            foreach (Activation activation in loss == Loss.MeanSquaredError && device == "cpu" ? Enum.GetValues<Activation>()
                : [Activation.Identity])
                Compare(TestDevices.Get(device), loss, activation, lastOnly, h, v);
    }

    static void Compare(Device device, Loss loss, Activation activation, bool lastOnly, int h, int v)
    {
        int[] lengths = [3, 1, 0, 2];
        using Parameters<float> parameters = new(device);
        using Recurrent<float> network = new(parameters, Cell.RnnTanh, I, h);
        using Dense<float> head = new(parameters, h, v, activation);
        network.Initialize(1);
        head.Initialize(2);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        pass.SetLengths(T, lengths);
        using DensePass<float> dense = head.Plan(pass, loss, lastOnly);
        Random random = new(h + v);
        // of last steps alone there is one row a sequence
        int rows = lastOnly ? B : T * B;
        int[] classes = [.. Enumerable.Range(0, rows).Select(_ => random.Next(v))];
        float[] targets = Numbers.To<float>([.. Enumerable.Range(0, rows * v).Select(_ => random.NextDouble())]),
            weights = Numbers.To<float>([.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())]);
        float[] y = new float[T * B * h];
        pass.Forward(Numbers.To<float>(Numbers.Random(T * B * I, 3)), y);
        if (loss == Loss.SoftmaxCrossEntropy) dense.SetClasses(classes);
        else dense.SetTargets(targets);
        dense.SetRowWeights(weights);
        dense.Scale = 0.7;
        dense.Forward();
        float[] outputs = dense.ReadOutputs();
        double value = dense.ReadLoss();
        int[] best = dense.ReadBest();
        dense.Forward(gradient: true);
        Assert.That(dense.ReadLoss(), Is.EqualTo(value));
        dense.Backward();
        float[] dy = new float[T * B * h];
        GpuRnn.Memory.DeviceCopy.Download<float>(device, pass.OutputGradient, dy);

        float[] w = parameters.Get("decoder.weight"), b = parameters.Get("decoder.bias");
        double[] dw = new double[w.Length], db = new double[v], da = new double[T * B * h], z = new double[rows * v];
        double total = 0;
        for (int t = 0; t < T; t++)
            for (int s = 0; s < B; s++)
            {
                if (t >= lengths[s] || lastOnly && t != lengths[s] - 1) continue;
                int row = t * B + s, place = lastOnly ? s : row;
                double[] o = [.. Enumerable.Range(0, v)
                    .Select(i => b[i] + Enumerable.Range(0, h).Sum(k => (double)w[i * h + k] * y[row * h + k]))];
                o =
                [
                    .. o.Select(a => activation switch
                    {
                        Activation.Tanh => Math.Tanh(a),
                        Activation.Relu => Math.Max(0, a),
                        Activation.Sigmoid => 1 / (1 + Math.Exp(-a)),
                        _ => a
                    })
                ];
                o.CopyTo(z, place * v);
                Assert.That(o[best[place]], Is.EqualTo(o.Max()).Within(1e-6));
                double[] gradient = new double[v];
                double sum = o.Sum(Math.Exp), scale = 0.7 * weights[place];
                for (int i = 0; i < v; i++)
                {
                    double target = targets[place * v + i];
                    double slope = activation switch
                    {
                        Activation.Tanh => 1 - o[i] * o[i],
                        Activation.Relu => o[i] > 0 ? 1 : 0,
                        Activation.Sigmoid => o[i] * (1 - o[i]),
                        _ => 1
                    };
                    (double l, double g) = loss.Name switch
                    {
                        nameof(Loss.SoftmaxCrossEntropy) => (
                            i == classes[place] ? -Math.Log(Math.Exp(o[i]) / sum) : 0,
                            Math.Exp(o[i]) / sum - (i == classes[place] ? 1 : 0)
                        ),
                        nameof(Loss.BinaryCrossEntropy) => (
                            -target * Math.Log(1 / (1 + Math.Exp(-o[i]))) - (1 - target) * Math.Log(1 / (1 + Math.Exp(o[i]))),
                            1 / (1 + Math.Exp(-o[i])) - target
                        ),
                        _ => ((o[i] - target) * (o[i] - target) / v, 2 * (o[i] - target) / v),
                    };
                    total += scale * l;
                    gradient[i] = scale * g * slope;
                    db[i] += gradient[i];
                    for (int k = 0; k < h; k++)
                    {
                        dw[i * h + k] += gradient[i] * y[row * h + k];
                        da[row * h + k] += gradient[i] * w[i * h + k];
                    }
                }
            }
        Assert.Multiple(() =>
        {
            Assert.That(value, Is.EqualTo(total).Within(1e-5 * Math.Max(1, Math.Abs(total))), "loss");
            Assert.That(Numbers.Error(outputs, z), Is.LessThan(1e-5), "outputs");
            Assert.That(Numbers.Error(parameters.GetGradient("decoder.weight"), dw), Is.LessThan(3e-5), "dW");
            Assert.That(Numbers.Error(parameters.GetGradient("decoder.bias"), db), Is.LessThan(3e-5), "db");
            for (int row = 0; row < T * B; row++)
                if (row / B < lengths[row % B])
                    Assert.That(
                        Numbers.Error(dy[(row * h)..((row + 1) * h)], da[(row * h)..((row + 1) * h)]),
                        Is.LessThan(1e-4),
                        $"da {row}");
        });
    }

    /// <summary>The cross-entropy with a target of 1 - e on the class and e spread over all, from its definition.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void SmoothedLabelsAreSpreadOverAllClasses(string device)
    {
        const int H = 9, V = 21;
        const double smoothing = 0.2;
        using Parameters<float> parameters = new(TestDevices.Get(device));
        using Recurrent<float> network = new(parameters, Cell.RnnTanh, 2, H);
        using Dense<float> head = new(parameters, H, V);
        network.Initialize(1);
        head.Initialize(2);
        using Pass<float> pass = network.Plan(1, 2, new() { Training = true });
        using DensePass<float> dense = head.Plan(pass, Loss.SoftmaxCrossEntropy);
        pass.Forward([1f, -1, 2, 3], []);
        int[] classes = [4, 20];
        dense.SetClasses(classes);
        float[] outputs = new float[2 * V];
        dense.Forward();
        dense.ReadOutputs(outputs);
        double expected = 0;
        for (int b = 0; b < 2; b++)
        {
            double log = Math.Log(Enumerable.Range(0, V).Sum(v => Math.Exp(outputs[b * V + v])));
            expected -= Enumerable.Range(0, V)
                .Sum(v => (smoothing / V + (v == classes[b] ? 1 - smoothing : 0)) * (outputs[b * V + v] - log)) / 2;
        }
        dense.LabelSmoothing = smoothing;
        dense.Forward(gradient: true);
        Assert.That(dense.ReadLoss(), Is.EqualTo(expected).Within(1e-6));
        dense.Backward();
        double[] slope = new double[V];
        for (int b = 0; b < 2; b++)
        {
            double sum = Enumerable.Range(0, V).Sum(v => Math.Exp(outputs[b * V + v]));
            for (int v = 0; v < V; v++) slope[v] += (
                Math.Exp(outputs[b * V + v]) / sum - smoothing / V - (v == classes[b] ? 1 - smoothing : 0)) / 2;
        }
        Assert.That(Numbers.Error(parameters.GetGradient("decoder.bias"), slope), Is.LessThan(1e-5));
        Assert.That(() => dense.LabelSmoothing = 1, Throws.TypeOf<BadArgumentException>());
    }

    [Test]
    public void ExtremesStayFinite()
    {
        Device device = TestDevices.Get("cpu");
        using Parameters<float> parameters = new(device);
        using Recurrent<float> network = new(parameters, Cell.RnnTanh, 1, 1);
        using Dense<float> head = new(parameters, 1, 3);
        parameters.Set("decoder.bias", [-1e4f, 0, 1e4f]);
        using Pass<float> pass = network.Plan(1, 1, new() { Training = true });
        using DensePass<float> softmax = head.Plan(pass, Loss.SoftmaxCrossEntropy), binary = head.Plan(pass, Loss.BinaryCrossEntropy);
        pass.Forward(new float[1], []);
        softmax.SetClasses([0]);
        softmax.Forward(true);
        Assert.That(softmax.ReadLoss(), Is.EqualTo(2e4));
        binary.SetTargets([1, 0, 1]);
        binary.Forward(true);
        Assert.That(binary.ReadLoss(), Is.EqualTo(1e4 + Math.Log(2)).Within(1e-2));
    }

    [Test]
    public void MisuseIsOneClearLine()
    {
        Device device = TestDevices.Get("cpu");
        using Parameters<float> parameters = new(device);
        using Recurrent<float> network = new(parameters, Cell.RnnTanh, 1, 2);
        using Dense<float> head = new(parameters, 2, 3),
            wrong = new(parameters, 5, 3, prefix: "wrong."),
            squashed = new(parameters, 2, 3, Activation.Tanh, prefix: "squashed.");
        using Pass<float> pass = network.Plan(1, 1), training = network.Plan(1, 1, new() { Training = true });
        Assert.That(() => wrong.Plan(pass), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => squashed.Plan(pass, Loss.SoftmaxCrossEntropy), Throws.TypeOf<BadArgumentException>());
        using DensePass<float> dense = head.Plan(training, Loss.SoftmaxCrossEntropy);
        Assert.That(() => dense.SetClasses([3]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => dense.SetClasses([0, 1]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => dense.SetTargets([0, 1, 2]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => dense.Backward(), Throws.TypeOf<InvalidOperationException>());
    }
}
