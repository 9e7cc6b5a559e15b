using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>Padding is never read, and what stands there afterwards is 0.</summary>
public class RaggedTests
{
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void PaddingIsNeverRead(string device)
    {
        const int T = 6, B = 4, I = 5, H = 18;
        int[] lengths = [3, 6, 0, 1];
        foreach (string cell in new[] { "lstm", "relevance_lstm" }.Concat(TestCell.Names))
            foreach (Directions directions in new[] { Directions.Forward, Directions.Concatenated })
            {
                if (device != "cpu" && cell != "lstm") continue; // compiling takes seconds there
                using Recurrent<float> network = TestCell.Network<float>(
                    TestDevices.Get(device), cell, I, H, new() { Directions = directions });
                network.Initialize(1);
                using Pass<float> pass = network.Plan(T, B, new() { Training = true });
                pass.SetLengths(T, lengths);
                (float[] y, float[] dx, float[] dw) Run(float padding)
                {
                    float[] x = Fill(I, padding, 1), dy = Fill(network.OutputSize, padding, 2), y = new float[dy.Length],
                        dx = new float[x.Length];
                    Array.Fill(y, 7);
                    pass.Forward(x, y);
                    pass.Backward(dy);
                    pass.GetInputGradient(dx);
                    return (y, dx, network.Parameters.GetGradient("weight_ih_l0"));
                }
                float[] Fill(int size, float padding, int seed)
                {
                    float[] values = [.. Numbers.Random(T * B * size, seed).Select(v => (float)v)];
                    for (int t = 0; t < T; t++)
                        for (int b = 0; b < B; b++)
                            if (t >= lengths[b]) values.AsSpan((t * B + b) * size, size).Fill(padding);
                    return values;
                }
                var zero = Run(0);
                var poisoned = Run(float.NaN);
                Assert.That(poisoned.y, Is.EqualTo(zero.y), cell);
                Assert.That(poisoned.dx, Is.EqualTo(zero.dx), cell);
                Assert.That(poisoned.dw, Is.EqualTo(zero.dw), cell);
                for (int t = 0; t < T; t++)
                    for (int b = 0; b < B; b++)
                        if (t >= lengths[b])
                        {
                            Assert.That(zero.y.Skip((t * B + b) * network.OutputSize).Take(network.OutputSize), Is.All.Zero);
                            Assert.That(zero.dx.Skip((t * B + b) * I).Take(I), Is.All.Zero);
                        }
            }
    }

    [Test]
    public void WrongLengthsAreRefused()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, 2, 3);
        using Pass<float> pass = network.Plan(4, 3);
        Assert.That(() => pass.SetLengths(4, [1, 5, 2]), Throws.TypeOf<BadArgumentException>().With.Message.Contains(
            "Sequence 1").And.Message.Contains("5"));
        Assert.That(() => pass.SetLengths(4, [1, -1, 2]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => pass.SetLengths(5, [1, 1, 2]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => pass.SetLengths(4, [1, 1, 2, 3]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => pass.Forward(new float[5], []), Throws.TypeOf<BadArgumentException>());
    }
}
