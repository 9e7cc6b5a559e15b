using GpuRnn.Layers;

namespace GpuRnn.Tests.Training;

/// <summary>A loss is of one batch, its rows and its targets: anything else is refused. What is masked is never read.</summary>
public class TargetTests
{
    const int T = 3, B = 4, I = 2, H = 5, V = 3;

    sealed class Model : IDisposable
    {
        public readonly Parameters<float> Parameters;
        public readonly Recurrent<float> Network;
        public readonly Dense<float> Layer;
        public readonly Pass<float> Pass;
        public readonly DensePass<float> Head;

        public Model(Loss loss, bool lastOnly = false, string device = "cpu", Activation activation = Activation.Identity)
        {
            Parameters = new(TestDevices.Get(device));
            Network = new(Parameters, Cell.Gru, I, H);
            Layer = new(Parameters, H, V, activation);
            Network.Initialize(1);
            Layer.Initialize(2);
            Pass = Network.Plan(T, B, new() { Training = true });
            Head = Layer.Plan(Pass, loss, lastOnly);
        }

        public float[] Forward(int seed = 1)
        {
            float[] y = new float[Pass.Steps * Pass.Sequences * H];
            Pass.Forward(Numbers.To<float>(Numbers.Random(Pass.Steps * Pass.Sequences * I, seed)), y);
            return y;
        }

        public float[] Gradient => [.. Parameters.All.SelectMany(p => Parameters.GetGradient(p.Name))];

        public void Dispose()
        {
            Head.Dispose();
            Pass.Dispose();
            Layer.Dispose();
            Network.Dispose();
            Parameters.Dispose();
        }
    }

    static void Refused(Action action) => Assert.That(() => action(), Throws.InvalidOperationException);

    [Test]
    public void TheOrderIsChecked()
    {
        using Model m = new(Loss.SoftmaxCrossEntropy);
        float[] outputs = new float[T * B * V];
        Refused(() => m.Head.Forward());
        m.Forward();
        Refused(() => m.Head.Forward(gradient: true));
        Refused(() => m.Head.ReadLoss());
        Refused(() => m.Head.ReadOutputs(outputs));
        Refused(() => m.Head.ReadBest(new int[T * B]));
        m.Head.Forward();
        m.Head.ReadOutputs(outputs);
        Refused(() => m.Head.ReadLoss());
        Refused(() => m.Head.Backward());
        m.Head.SetClasses(new int[T * B]);
        Refused(() => m.Head.ReadLoss());
        m.Head.Forward(gradient: true);
        Assert.That(m.Head.ReadLoss(), Is.GreaterThan(0));
        Refused(() => m.Head.ReadOutputs(outputs));
        m.Forward(2);
        Refused(() => m.Head.Backward()); // of rows that are gone
        Refused(() => m.Head.ReadLoss());
        m.Head.Forward(gradient: true);
        m.Parameters.Changed();
        Refused(() => m.Head.Backward()); // of weights that are gone
        m.Head.Forward(gradient: true);
        m.Head.Backward();
        Refused(() => m.Head.Backward());
        m.Pass.SetShape(T, B);
        Refused(() => m.Head.ReadLoss());
        m.Forward();
        Refused(() => m.Head.Forward(gradient: true)); // targets of another batch
        m.Head.UseClasses();
        Assert.DoesNotThrow(() => m.Head.Forward(gradient: true));
    }

    static IEnumerable<TestCaseData> Losses() =>
    [
        new(Loss.SoftmaxCrossEntropy, false), new(Loss.SoftmaxCrossEntropy, true), new(Loss.MeanSquaredError, true),
        new(Loss.BinaryCrossEntropy, false), new(Loss.Huber(), false),
    ];

    [TestCaseSource(nameof(Losses))]
    public void TargetsAndWeightsAreOfOneBatch(Loss loss, bool lastOnly)
    {
        using Model m = new(loss, lastOnly);
        int[] lengths = [3, 1, 2, 1];
        void Targets(int rows)
        {
            if (loss == Loss.SoftmaxCrossEntropy) m.Head.SetClasses([.. Enumerable.Range(0, rows).Select(i => i % V)]);
            else m.Head.SetTargets([.. Enumerable.Range(0, rows * V).Select(i => i % 5 / 5f)]);
        }
        double Loss_()
        {
            m.Head.Forward(gradient: true);
            return m.Head.ReadLoss();
        }
        m.Pass.SetLengths(T, lengths);
        m.Forward();
        Targets(lastOnly ? B : T * B);
        double right = Loss_();

        m.Pass.SetShape(T, B);
        Targets(lastOnly ? B : T * B);
        m.Pass.SetLengths(T, lengths);
        m.Forward();
        Assert.That(() => Loss_(), Throws.InvalidOperationException.With.Message.Contains("another batch"));
        Targets(lastOnly ? B : T * B);
        Assert.That(Loss_(), Is.EqualTo(right));

        m.Head.SetRowWeights([.. Enumerable.Repeat(2f, lastOnly ? B : T * B)]);
        Assert.That(Loss_(), Is.EqualTo(2 * right).Within(1e-6));
        m.Pass.SetLengths(T, lengths);
        m.Forward();
        Targets(lastOnly ? B : T * B);
        Assert.That(() => Loss_(), Throws.InvalidOperationException.With.Message.Contains("weights"));
        Assert.That(() => m.Head.SetRowWeights(new float[1]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => Loss_(), Throws.InvalidOperationException.With.Message.Contains("weights"), "a refused call cleared nothing");
        m.Head.SetRowWeights([]);
        Assert.That(Loss_(), Is.EqualTo(right));
    }

    static IEnumerable<TestCaseData> Masked() =>
        from device in TestDevices.Ids
        from loss in new[] { Loss.MeanSquaredError, Loss.BinaryCrossEntropy, Loss.SoftmaxCrossEntropy }
        select new TestCaseData(device, loss);

    /// <summary>Rows of weight 0 have targets that are no numbers: loss and gradient are those of the other rows alone.</summary>
    [TestCaseSource(nameof(Masked)), Category("Device")]
    public void AMaskedTargetIsNeverRead(string device, Loss loss)
    {
        (double Loss, float[] Gradient) Of(bool nan)
        {
            using Model m = new(loss, device: device);
            m.Forward();
            float[] weights = [.. Enumerable.Range(0, T * B).Select(i => i % 3 == 0 ? 0f : 1 + i)];
            float[] targets = [.. Enumerable.Range(0, T * B * V).Select(
                i => nan && i / V % 3 == 0 ? i % 2 == 0 ? float.NaN : float.PositiveInfinity : i % 7 / 7f)];
            if (loss == Loss.SoftmaxCrossEntropy) m.Head.SetClasses(new int[T * B]);
            else m.Head.SetTargets(targets);
            m.Head.SetRowWeights(weights);
            m.Head.Forward(gradient: true);
            double value = m.Head.ReadLoss();
            m.Head.Backward();
            m.Pass.Backward();
            return (value, m.Gradient);
        }
        (double value, float[] gradient) = Of(nan: true);
        (double right, float[] expected) = Of(nan: false);
        Assert.That(value, Is.EqualTo(right));
        Assert.That(gradient, Is.EqualTo(expected));
        Assert.That(double.IsFinite(value) && value > 0);
    }

    static IEnumerable<TestCaseData> Infinite() =>
        from device in TestDevices.Ids
        from logit in new[] { float.PositiveInfinity, float.NegativeInfinity, float.NaN, 3e38f, -3e38f, 50, -50, 0.5f }
        from target in new[] { 0f, 1, 0.9f, float.NaN }
        select new TestCaseData(device, logit, target);

    /// <summary>The binary cross-entropy, -t log p - (1 - t) log(1 - p) with 0 log 0 = 0, at the ends of the numbers too.</summary>
    [TestCaseSource(nameof(Infinite)), Category("Device")]
    public void BinaryCrossEntropyAtInfinity(string device, float logit, float target)
    {
        using Parameters<float> parameters = new(TestDevices.Get(device));
        using Recurrent<float> network = new(parameters, Cell.RnnRelu, 1, 1);
        using Dense<float> layer = new(parameters, 1, 1);
        parameters.Set("decoder.bias", [logit]);
        using Pass<float> pass = network.Plan(1, 1, new() { Training = true });
        using DensePass<float> head = layer.Plan(pass, Loss.BinaryCrossEntropy);
        pass.Forward(new float[1], []);
        head.SetTargets([target]);
        head.Forward(gradient: true);
        double y = logit, t = target;
        double Term(double share, double logOdds) =>
            share == 0 ? 0 : share * (Math.Max(logOdds, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logOdds))));
        double right = double.IsNaN(y) ? double.NaN : Term(1 - t, y) + Term(t, -y);
        double loss = head.ReadLoss();
        if (!double.IsFinite(right)) Assert.That(loss, Is.EqualTo(right));
        else Assert.That(loss, Is.EqualTo(right).Within(1e-6 * right + 1e-7));
        head.Backward();
        double slope = (double.IsNaN(y) ? double.NaN : y == double.PositiveInfinity ? 1 : y == double.NegativeInfinity ? 0
            : 1 / (1 + Math.Exp(-y))) - t;
        if (double.IsNaN(slope)) Assert.That(parameters.GetGradient("decoder.bias")[0], Is.NaN);
        else Assert.That(parameters.GetGradient("decoder.bias")[0], Is.EqualTo(slope).Within(1e-6));
    }

    /// <summary>-infinity elsewhere takes no probability; an infinite output of a class has no finite loss.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void SoftmaxAtInfinity(string device)
    {
        (double, float[]) Of(float[] logits, int target, float weight = 1)
        {
            using Parameters<float> parameters = new(TestDevices.Get(device));
            using Recurrent<float> network = new(parameters, Cell.RnnRelu, 1, 1);
            using Dense<float> layer = new(parameters, 1, logits.Length);
            parameters.Set("decoder.bias", logits);
            using Pass<float> pass = network.Plan(1, 1, new() { Training = true });
            using DensePass<float> head = layer.Plan(pass, Loss.SoftmaxCrossEntropy);
            pass.Forward(new float[1], []);
            head.SetClasses([target]);
            head.SetRowWeights([weight]);
            head.Forward(gradient: true);
            double loss = head.ReadLoss();
            head.Backward();
            return (loss, parameters.GetGradient("decoder.bias"));
        }
        float inf = float.PositiveInfinity;
        (double loss, float[] gradient) = Of([1, -inf, 2], 0);
        Assert.That(loss, Is.EqualTo(Math.Log(1 + Math.E)).Within(1e-6));
        Assert.That(gradient[1], Is.Zero);
        Assert.That(Of([1, -inf, 2], 1).Item1, Is.EqualTo(double.PositiveInfinity));
        (loss, gradient) = Of([.. Enumerable.Range(0, 20).Select(i => i == 7 ? -inf : 0f)], 3);
        Assert.That(loss, Is.EqualTo(Math.Log(19)).Within(1e-6));
        Assert.That((gradient[7], gradient[3]), Is.EqualTo((0f, -18 / 19f)).Within(1e-6f));
        Assert.That(Of([1, inf, 2], 0).Item1, Is.NaN);
        (loss, gradient) = Of([float.NaN, 2, 3], 0, weight: 0);
        Assert.That(loss, Is.Zero);
        Assert.That(gradient, Is.All.Zero, "masked outputs are not read either");
    }

    /// <summary>Where last steps alone are read every array has one row a sequence: the same numbers as those of every step's
    /// last.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void LastStepsHaveOneRowASequence(string device)
    {
        using Model m = new(Loss.MeanSquaredError, lastOnly: true, device: device);
        using DensePass<float> every = m.Layer.Plan(m.Pass, Loss.MeanSquaredError);
        m.Pass.SetLengths(T, [3, 1, 0, 2]);
        m.Forward();
        float[] targets = Numbers.To<float>(Numbers.Random(B * V, 5)), weights = [2, 0, 5, 0.5f];
        float[] all = new float[T * B * V], allWeights = new float[T * B];
        foreach ((int b, int length) in new[] { (0, 3), (1, 1), (3, 2) })
        {
            targets.AsSpan(b * V, V).CopyTo(all.AsSpan(((length - 1) * B + b) * V));
            allWeights[(length - 1) * B + b] = weights[b];
        }
        (m.Head.Scale, every.Scale) = (1, 1);
        m.Head.SetTargets(targets);
        m.Head.SetRowWeights(weights);
        every.SetTargets(all);
        every.SetRowWeights(allWeights);
        m.Head.Forward();
        every.Forward();
        Assert.That(m.Head.ReadLoss(), Is.EqualTo(every.ReadLoss()).And.GreaterThan(0));
        float[] last = m.Head.ReadOutputs(), steps = every.ReadOutputs();
        int[] lastBest = m.Head.ReadBest(), best = every.ReadBest();
        Assert.That((last.Length, lastBest.Length, steps.Length, best.Length), Is.EqualTo((B * V, B, T * B * V, T * B)));
        foreach ((int b, int length) in new[] { (0, 3), (1, 1), (3, 2) })
        {
            int row = (length - 1) * B + b;
            Assert.That(last[(b * V)..(b * V + V)], Is.EqualTo(steps[(row * V)..(row * V + V)]));
            Assert.That(last[(b * V)..(b * V + V)], Has.Some.Not.Zero);
            Assert.That(lastBest[b], Is.EqualTo(best[row]));
        }
        Assert.That(last[(2 * V)..(3 * V)], Is.All.Zero, "an empty sequence has no last step");
        float[] Gradient(DensePass<float> head)
        {
            head.Forward(gradient: true);
            head.Backward();
            m.Pass.Backward();
            m.Forward();
            return m.Gradient;
        }
        // the rows are summed in another order
        Assert.That(Gradient(m.Head), Is.EqualTo(Gradient(every)).AsCollection.Within(1e-6f));
        m.Head.Forward();
        foreach (Action wrong in new Action[]
        {
            () => m.Head.SetTargets(all), () => m.Head.SetRowWeights(allWeights),
            () => m.Head.ReadOutputs(new float[T * B * V]), () => m.Head.ReadBest(new int[T * B]),
        }) Assert.That(() => wrong(), Throws.TypeOf<BadArgumentException>());
    }
}
