using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>Gates computed again: a fraction of the memory, the same outputs to the bit, gradients within rounding.</summary>
public class RecomputeTests
{
    const int T = 100, B = 64, I = 32, H = 64;

    [Test]
    public void TakesAFifthOfTheMemoryAtMost()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, I, H);
        using Pass<float> whole = network.Plan(T, B, new() { Training = true }),
            again = network.Plan(T, B, new() { Training = true, Recompute = T / 7 });
        Assert.That(again.WorkspaceBytes, Is.LessThanOrEqualTo(0.2 * whole.WorkspaceBytes));
    }

    static IEnumerable<string> Kinds => ["lstm", "gru", "relevance_lstm", .. TestCell.Names];

    [Test]
    public void SameOutputsAndTheSameGradientsWithinRounding(
        [ValueSource(nameof(Kinds))] string cell, [Values(1, 14, 99)] int segment)
    {
        using Recurrent<float> network = TestCell.Network<float>(TestDevices.Get("cpu"), cell, I, H);
        network.Initialize(5);
        int width = network.OutputSize;
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 1)), dy = Numbers.To<float>(Numbers.Random(T * B * width, 2));
        (float[] y, float[] dw, float[] dx) = Run(0);
        (float[] yAgain, float[] dwAgain, float[] dxAgain) = Run(segment);
        Assert.That(yAgain, Is.EqualTo(y));
        Assert.That(dxAgain, Is.EqualTo(dx));
        Assert.That(Numbers.Error(dwAgain, [.. dw.Select(v => (double)v)]), Is.LessThan(1e-5));

        (float[] Y, float[] Dw, float[] Dx) Run(int recompute)
        {
            using Pass<float> pass = network.Plan(T, B, new() { Training = true, Recompute = recompute });
            float[] output = new float[T * B * width], inputGradient = new float[T * B * I];
            pass.Forward(x, output);
            pass.Backward(dy);
            pass.GetInputGradient(inputGradient);
            return (output, network.Parameters.GetGradient("weight_hh_l0"), inputGradient);
        }
    }

    [Test]
    public void NeedsASegmentOfAtLeastAStep()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, I, H);
        Assert.Throws<BadArgumentException>(() => network.Plan(T, B, new() { Training = true, Recompute = -1 }));
    }
}
