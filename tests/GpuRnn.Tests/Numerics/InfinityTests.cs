using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>Where infinities and NaN go: to what depends on them, as docs/numerics.md says, and to nothing else.</summary>
public class InfinityTests
{
    const int T = 3, B = 4, I = 2;

    // normalised over units, a step with an infinite number has no finite one
    static readonly string[] s_saturating =
        ["lstm", "gru", "rnn_tanh", "relevance_lstm", .. TestCell.Names.Where(name => name != "rnn_normalized")];

    static IEnumerable<TestCaseData> Shapes() =>
        from device in TestDevices.Ids
        from cell in s_saturating
        from hidden in device == "cpu" ? new[] { 5, 16, 17, 37, 64, 70 } : [5, 17]
        select new TestCaseData(device, cell, hidden);

    /// <summary>
    /// One infinite number in the input of one sequence: every saturated gate is finite, so its outputs, and all of the others' gradients,
    /// are what plain loops give. Units that a panel has beyond H would be 0 times infinity.
    /// </summary>
    [TestCaseSource(nameof(Shapes)), Category("Device")]
    public void AnInfiniteInputStaysWhereItBelongs(string device, string cell, int hidden)
    {
        using Recurrent<float> network = TestCell.Network<float>(TestDevices.Get(device), cell, I, hidden);
        network.Initialize(3);
        int width = network.OutputSize;
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 1)), dy = Numbers.To<float>(Numbers.Random(T * B * width, 2));
        float[] y = new float[T * B * width], dx = new float[x.Length], right = new float[y.Length], rightDx = new float[x.Length];
        pass.Forward(x, right);
        pass.Backward(dy);
        pass.GetInputGradient(rightDx);
        x[(1 * B + 2) * I] = float.PositiveInfinity; // step 1 of sequence 2
        pass.Forward(x, y);
        pass.Backward(dy);
        pass.GetInputGradient(dx);
        Assert.That(y.All(float.IsFinite), "gates saturate");
        Assert.That(dx.All(float.IsFinite), "what is saturated has no slope");
        for (int row = 0; row < T * B; row++)
        {
            bool before = row / B < 1 || row % B != 2;
            if (!before) continue;
            Assert.That(y[(row * width)..((row + 1) * width)], Is.EqualTo(right[(row * width)..((row + 1) * width)]).Within(1e-6f),
                $"row {row}");
            if (row % B != 2) Assert.That(
                dx[(row * I)..((row + 1) * I)], Is.EqualTo(rightDx[(row * I)..((row + 1) * I)]).Within(1e-6f), $"row {row}");
        }
        // an infinite number times a slope of 0 is none: the weights that multiply it have no gradient, and only they
        foreach (Parameter p in network.Parameters.All.Where(p => p.Name.StartsWith("bias") || p.Name.StartsWith("weight_hh")))
            Assert.That(network.Parameters.GetGradient(p.Name).All(float.IsFinite), p.Name);
        float[] dw = network.Parameters.GetGradient("weight_ih_l0");
        Assert.That(dw.Where((_, i) => i % I == 1).All(float.IsFinite), "the other column of weight_ih");
    }

    /// <summary>NaN in a sequence makes its outputs from there on NaN, and no other sequence's.</summary>
    [TestCaseSource(nameof(Shapes)), Category("Device")]
    public void NotANumberStaysInItsSequence(string device, string cell, int hidden)
    {
        using Recurrent<float> network = TestCell.Network<float>(TestDevices.Get(device), cell, I, hidden);
        network.Initialize(3);
        int width = network.OutputSize;
        using Pass<float> pass = network.Plan(T, B);
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 1)), y = new float[T * B * width];
        x[(1 * B + 2) * I] = float.NaN;
        pass.Forward(x, y);
        for (int row = 0; row < T * B; row++)
        {
            bool touched = row / B >= 1 && row % B == 2;
            Assert.That(y[(row * width)..((row + 1) * width)].All(v => float.IsNaN(v) == touched), $"row {row}");
        }
    }
}
