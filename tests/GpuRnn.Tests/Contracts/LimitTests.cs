using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.State;
using GpuRnn.Training;

namespace GpuRnn.Tests.Contracts;

/// <summary>The library checks what the command checks: numbers, sizes, empty batches. One clear line, before anything is done.</summary>
public class LimitTests
{
    static void Refused(Action action, string expected) => Refused<BadArgumentException>(action, expected);

    static void Refused<TError>(Action action, string expected) where TError : GpuRnnException
    {
        string message = Assert.Throws<TError>(() => action())!.Message;
        Assert.That(message, Does.Contain(expected).IgnoreCase.And.Not.Contain("\n"));
    }

    static readonly double[] s_none = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.5];

    [Test]
    public void OptimizersTakeNoNumbersThatCannotBe()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Gru, 2, 3);
        Parameters<float> p = network.Parameters;
        foreach (double bad in s_none)
        {
            Refused(() => new Adam<float>(p, rate: bad), "learning rate");
            Refused(() => new Adam<float>(p, beta1: bad), "beta1");
            Refused(() => new Adam<float>(p, beta2: bad), "beta2");
            Refused(() => new Adam<float>(p, epsilon: bad), "epsilon");
            Refused(() => new Adam<float>(p, weightDecay: bad), "decay");
            Refused(() => new Sgd<float>(p, bad), "learning rate");
            Refused(() => new Sgd<float>(p, 0.1, bad), "momentum");
            Refused(() => new Sgd<float>(p, 0.1, weightDecay: bad), "decay");
            Refused(() => new RmsProp<float>(p, bad), "learning rate");
            Refused(() => new RmsProp<float>(p, alpha: bad), "alpha");
            Refused(() => new RmsProp<float>(p, epsilon: bad), "epsilon");
            Refused(() => new RmsProp<float>(p, momentum: bad), "momentum");
            Refused(() => new RmsProp<float>(p, weightDecay: bad), "decay");
            Refused(() => new Adam<float>(p, clip: new() { Norm = bad }), "norm");
            Refused(() => new Adam<float>(p, clip: new() { Value = bad }), "magnitude");
            Refused(() => _ = new ParameterGroup(_ => true) { Rate = bad }, "factor");
            Refused(() => _ = new ParameterGroup(_ => true) { WeightDecay = bad }, "factor");
            using Sgd<float> sgd = new(p, 0.1);
            Refused(() => sgd.Rate = bad, "learning rate");
            Refused(() => Schedule.Step(3, bad), "factor");
            Refused(() => new Split(1, bad), "validation");
            Refused(() => new Split(1, test: bad), "test");
            Assert.That(sgd.Rate, Is.EqualTo(0.1));
        }
        foreach (double one in new[] { 1.0, 1.5 })
        {
            Refused(() => new Adam<float>(p, beta1: one), "beta1");
            Refused(() => new Adam<float>(p, beta2: one), "beta2");
            Refused(() => new RmsProp<float>(p, alpha: one), "alpha");
        }
        Refused(() => new Split(1, 0.5, 0.6), "at most 1");
        Assert.DoesNotThrow(() => new Adam<float>(p, rate: 0, beta1: 0, beta2: 0, epsilon: 0).Dispose());
    }

    [Test]
    public void LossesAndDropoutTakeNoNumbersThatCannotBe()
    {
        using Parameters<float> p = new(TestDevices.Get("cpu"));
        using Recurrent<float> network = new(p, Cell.Gru, 2, 3);
        using Dense<float> head = new(p, 3, 2);
        using Pass<float> pass = network.Plan(1, 1);
        using DensePass<float> loss = head.Plan(pass, Loss.SoftmaxCrossEntropy);
        foreach (double bad in s_none)
        {
            Refused(() => loss.LabelSmoothing = bad, "smoothing");
            Refused(() => new Dropout(new() { Rate = bad }).Plan(pass), "dropout");
            Refused(() => network.Plan(1, 1, new() { Training = true, Dropout = new() { Rate = bad } }), "dropout");
        }
        foreach (double bad in s_none[..3]) Refused(() => loss.Scale = bad, "scale");
    }

    /// <summary>An infinite output takes all of the probability at every temperature; what is not a number is told.</summary>
    [Test]
    public void SamplingKnowsInfinityAndRefusesWhatIsNoNumber()
    {
        float inf = float.PositiveInfinity;
        foreach (double temperature in new[] { 0, 0.5, 1, 3 })
            for (ulong seed = 0; seed < 50; seed++)
            {
                Assert.That(new Sampling(temperature).Draw([1, inf, 2], new(seed)), Is.EqualTo(1));
                Assert.That(new Sampling(temperature).Draw([1, -inf, -inf], new(seed)), Is.EqualTo(0));
                Assert.That(new Sampling(temperature, 2, 0.9).Draw([1, inf, 2], new(seed)), Is.EqualTo(1));
            }
        int[] drawn = [.. Enumerable.Range(0, 400).Select(s => new Sampling().Draw([inf, 5, inf], new((ulong)s))).Order()];
        Assert.That(drawn.Distinct(), Is.EqualTo(new[] { 0, 2 }));
        Assert.That(drawn.Count(d => d == 0), Is.EqualTo(200).Within(50));
        foreach (double temperature in new[] { 0, 1.0 }) Refused<NotFiniteException>(
            () => new Sampling(temperature).Draw([1, float.NaN, 2], new(1)), "Output 1 of 3");
        Refused(() => new Sampling().Draw(Array.Empty<float>(), new(1)), "no outputs");
    }

    [Test]
    public void ASearchOverOutputsThatAreNoNumbersIsRefused()
    {
        using EncoderDecoder<float> model = new(TestDevices.Get("cpu"), new() { SourceSize = 4, TargetSize = 5, Hidden = 6 });
        model.Initialize(1);
        float[] bias = new float[5];
        bias[2] = float.NaN;
        model.Parameters.Set("head.bias", bias);
        using BeamSearch<float> search = model.PlanSearch(3, 3, 2, 2);
        Refused<NotFiniteException>(() => search.Run(new int[6], [3, 3], 2, 3), "not a number");
    }

    [Test]
    public void EmptyBatchesAreRefused()
    {
        using SequenceClassifier<float> classifier = new(TestDevices.Get("cpu"), new() { InputSize = 4, Classes = 3 });
        using ClassifierPass<float> pass = classifier.Plan(3, 2);
        Refused(() => pass.Forward(ReadOnlySpan<float>.Empty, []), "no sequences");
        Refused(() => pass.Forward(new float[12], []), "no sequences");
        Refused(() => pass.Forward(new float[7], [1]), "no whole steps");
        Refused(() => pass.Forward(ReadOnlySpan<float>.Empty, [1]), "no whole steps");
        using EncoderDecoder<float> model = new(TestDevices.Get("cpu"), new() { SourceSize = 4, TargetSize = 5, Hidden = 6 });
        using EncoderDecoderPass<float> both = model.Plan(3, 3, 2);
        Refused(() => both.Forward(ReadOnlySpan<int>.Empty, [], [], []), "no sequences");
        Refused(() => both.Forward([1, 2], [2], [], []), "no sequences");
        Refused(() => both.Forward([1, 2], [2], [1, 2], [1, 1]), "1 sources and 2 targets");
        using BeamSearch<float> search = model.PlanSearch(3, 3, 2, 2);
        Refused(() => search.Run(ReadOnlySpan<int>.Empty, [], 2, 3), "no sequences");
        Refused(() => search.Run([1, 2, 3], [1, 1], 2, 3), "no whole steps");
        using EncoderDecoder<float> numbers = new(
            TestDevices.Get("cpu"), new() { SourceSize = 4, SourceIsIndex = false, SourceLayers = [3], TargetSize = 5, Hidden = 6 });
        using EncoderDecoderPass<float> pictures = numbers.Plan(3, 3, 2);
        Refused(() => pictures.Forward(new float[4], [], [1], [1]), "1 targets");
        Refused(() => pictures.Forward(new float[5], [1], [1], [1]), "no whole steps");
    }

    [Test]
    public void SizesNearTwoToThe31AreRefused()
    {
        Device device = TestDevices.Get("cpu");
        const int huge = int.MaxValue - 1;
        Refused(() => new Recurrent<float>(device, Cell.Lstm, 1, huge), "smaller");
        Refused(() => new Recurrent<float>(device, Cell.Lstm, huge, 1), "at most");
        Refused(() => new Recurrent<float>(device, Cell.Lstm, 1, 1 << 15, new() { Layers = huge }), "smaller");
        using Parameters<float> p = new(device);
        Refused(() => new Dense<float>(p, huge, 2), "at most");
        Refused(() => new Dense<float>(p, 2, huge), "at most");
        Refused(() => new Embedding<float>(p, huge, 2), "at most");
        Refused(() => new Attention<float>(p, AttentionKind.Additive, 5, 5, -1), "at least 1");
        Refused(() => p.Declare("negative", 2, -3), "at least 1");
        using Recurrent<float> network = new(p, Cell.Lstm, 3, 4);
        Refused(() => network.Plan(huge, huge), "2^31");
        Refused(() => new StateStore<float, int>(network, huge), "2^31");
        using Pass<float> pass = network.Plan(10, 10);
        Refused(() => new InputRows<float>(pass, huge), "2^31");
        using EncoderDecoder<float> model = new(device, new() { SourceSize = 4, TargetSize = 5, Hidden = 6 });
        Refused(() => model.PlanSearch(3, 3, huge, 2), "too large");
        Refused(() => new EncoderDecoder<float>(device, new() { SourceSize = 4, TargetSize = 5, Hidden = 6, Layers = 26 }), "at most 25");
    }

    /// <summary>Memory beyond what 32 bits count in bytes is made and zero; where the machine has none, one line says so.</summary>
    [Test]
    public void ArraysOfMoreThanFourGigabytes()
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 12L << 30) Assert.Ignore("The machine has too little memory.");
        const long length = (1L << 32) + 4096;
        using GpuRnn.Memory.DeviceArray<byte> array = new(TestDevices.Get("cpu"), length);
        byte[] end = [1, 2, 3];
        GpuRnn.Memory.DeviceCopy.Download(TestDevices.Get("cpu"), array.View.SubView(length - 3, 3), end);
        Assert.That(end, Is.All.Zero);
        Refused<DeviceMemoryException>(() => new GpuRnn.Memory.DeviceArray<double>(TestDevices.Get("cpu"), 1L << 60), "bytes left");
    }
}
