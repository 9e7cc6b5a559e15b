using GpuRnn.Layers;
using GpuRnn.Models;

namespace GpuRnn.Tests.Training;

/// <summary>
/// Gradients are written, or added to what is there: of every part, for parameters and for a source that several read. What stood there
/// before counts only if asked.
/// </summary>
public class AccumulationTests
{
    const int T = 4, B = 5;

    static float[] All(Parameters<float> p) => [.. p.All.SelectMany(one => p.GetGradient(one.Name))];

    static void Poison(Parameters<float> p, float value) =>
        GpuRnn.Memory.DeviceCopy.Upload<float>(p.Device, [.. Enumerable.Repeat(value, (int)p.Length)], p.Gradients);

    /// <summary>backward(false) writes, and backward(true) adds: to itself exactly twice, to a number exactly once more.</summary>
    /// <param name="p">The parameters.</param>
    /// <param name="backward">Forward and backward; accumulate or not.</param>
    /// <param name="exact">
    /// Is a gradient one sum, added at the end? Not that of a tied table, whose parts are added in turn; nor on a GPU that of indices and
    /// of segments that are computed again.
    /// </param>
    static void AssertAdds(Parameters<float> p, Action<bool> backward, bool exact = true)
    {
        Poison(p, float.NaN);
        backward(false);
        float[] once = All(p);
        Assert.That(once.All(float.IsFinite), "written over what was there");
        foreach (Parameter one in p.All) Assert.That(p.GetGradient(one.Name), Has.Some.Not.Zero, one.Name);
        backward(true);
        float[] twice = [.. once.Select(g => g + g)];
        float rounding = exact ? 0 : 3e-7f * twice.Max(Math.Abs);
        Assert.That(All(p), Is.EqualTo(twice).Within(rounding));
        Poison(p, 1);
        backward(true);
        Assert.That(All(p), Is.EqualTo(once.Select(g => 1 + g)).Within(3e-7f + 2 * rounding));
    }

    static IEnumerable<TestCaseData> Networks() =>
        from device in TestDevices.Ids
        from cell in new[] { "lstm", "gru", "rnn_tanh", "relevance_lstm" }
        from directions in device == "cpu" ? Enum.GetValues<Directions>() : [Directions.Concatenated]
        from index in new[] { false, true }
        from recompute in new[] { 0, 3 }
        select new TestCaseData(device, cell, directions, index, recompute);

    [TestCaseSource(nameof(Networks)), Category("Device")]
    public void OfRecurrentLayers(string device, string cell, Directions directions, bool index, int recompute)
    {
        const int I = 3, H = 18;
        using Recurrent<float> network = new(
            TestDevices.Get(device), Cell.Named(cell), I, H, new() { Layers = 2, Directions = directions, IndexInput = index });
        network.Initialize(1);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true, Recompute = recompute });
        float[] dy = Numbers.To<float>(Numbers.Random(T * B * network.OutputSize, 1)), x = Numbers.To<float>(Numbers.Random(T * B * I, 2));
        pass.SetLengths(T, [4, 2, 0, 3, 1]);
        AssertAdds(network.Parameters, accumulate =>
        {
            if (index) pass.Forward([.. Enumerable.Range(0, T * B).Select(i => i % I)], []);
            else pass.Forward(x, []);
            pass.Backward(dy, accumulate: accumulate);
        }, exact: device == "cpu" || recompute == 0 && !index);
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void OfAnEncoderDecodersParts(string device)
    {
        foreach (AttentionKind kind in Enum.GetValues<AttentionKind>())
        {
            using EncoderDecoder<float> model = new(TestDevices.Get(device), new()
            {
                SourceSize = 3, SourceIsIndex = false, SourceLayers = [4], TargetSize = 5, EmbeddingSize = 6, Hidden = 8, Attention = kind,
            });
            model.Initialize(2);
            using EncoderDecoderPass<float> pass = model.Plan(T, T, B, new() { Training = true, Dropout = new() { Rate = 0.2, Seed = 1 } });
            float[] source = Numbers.To<float>(Numbers.Random(T * B * 3, 3));
            int[] target = [.. Enumerable.Range(0, T * B).Select(i => i % 5)], lengths = [4, 2, 1, 3, 4];
            AssertAdds(model.Parameters, accumulate =>
            {
                pass.Forward(source, lengths, target, lengths, 7);
                pass.Loss(target, gradient: true);
                pass.Backward(accumulate);
            }, exact: false);
        }
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void OfAnEmbedding(string device)
    {
        using Parameters<float> p = new(TestDevices.Get(device));
        Embedding<float> table = new(p, 5, 6);
        using Recurrent<float> network = new(p, Cell.Gru, 6, 9);
        table.Initialize(1);
        network.Initialize(2);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        using EmbeddingPass<float> embedding = table.Plan(pass);
        float[] dy = Numbers.To<float>(Numbers.Random(T * B * 9, 4));
        AssertAdds(p, accumulate =>
        {
            embedding.Forward([.. Enumerable.Range(0, T * B).Select(i => i % 5)]);
            pass.Forward();
            pass.Backward(dy, accumulate: accumulate);
            embedding.Backward(accumulate);
        });
    }

    /// <summary>Two heads and a hidden layer read one pass: each adds its part, whoever comes first writes it.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void OfASourceThatSeveralRead(string device)
    {
        using Parameters<float> p = new(TestDevices.Get(device));
        using Recurrent<float> network = new(p, Cell.Gru, 3, 18);
        using Dense<float> middle = new(p, 18, 7, Activation.Tanh, prefix: "middle."), one = new(p, 7, 4),
            two = new(p, 18, 5, prefix: "two.");
        network.Initialize(1);
        foreach (Dense<float> dense in new[] { middle, one, two }) dense.Initialize(3);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        using HiddenLayerPass<float> hidden = middle.PlanHidden(pass);
        using DensePass<float> first = one.Plan(hidden, Loss.SoftmaxCrossEntropy),
            second = two.Plan(pass, Loss.MeanSquaredError, lastOnly: true);
        float[] Run(bool useFirst, bool useSecond, bool secondAdds)
        {
            pass.SetLengths(T, [4, 2, 0, 3, 1]);
            pass.Forward(Numbers.To<float>(Numbers.Random(T * B * 3, 2)), []);
            hidden.Forward();
            first.SetClasses(new int[T * B]);
            first.Forward(gradient: true);
            second.SetTargets([.. Enumerable.Repeat(0.3f, B * 5)]);
            second.Forward(gradient: true);
            GpuRnn.Memory.DeviceCopy.Upload<float>(p.Device, [.. Enumerable.Repeat(float.NaN, T * B * 18)], pass.OutputGradient);
            if (useSecond && !secondAdds) second.Backward();
            if (useFirst)
            {
                first.Backward();
                hidden.Backward(addToSource: useSecond && !secondAdds);
            }
            if (useSecond && secondAdds) second.Backward(addToSource: true);
            pass.Backward();
            return p.GetGradient("weight_ih_l0");
        }
        float[] a = Run(true, false, false), b = Run(false, true, false), ab = Run(true, true, true), ba = Run(true, true, false);
        Assert.That(a.Zip(b, (x, y) => Math.Abs(x) * Math.Abs(y)).Sum(), Is.GreaterThan(0));
        for (int i = 0; i < a.Length; i++)
        {
            Assert.That(ab[i], Is.EqualTo(a[i] + b[i]).Within(2e-6f));
            Assert.That(ba[i], Is.EqualTo(a[i] + b[i]).Within(2e-6f));
        }
    }
}
