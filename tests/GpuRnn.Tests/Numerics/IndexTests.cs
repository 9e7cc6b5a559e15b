using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>Indices are one-hot vectors that are never made.</summary>
public class IndexTests
{
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void IndicesAreOneHotVectors(string device)
    {
        const int T = 7, H = 21;
        foreach (string cell in device == "cpu" ? ["lstm", "gru", "rnn_tanh", "relevance_lstm", .. TestCell.Names] : (string[])["lstm"])
            foreach ((int b, int vocabulary) in new[] { (1, 11), (5, 11), (5, 210) })
            {
                using Recurrent<float> dense = TestCell.Network<float>(TestDevices.Get(device), cell, vocabulary, H),
                    sparse = TestCell.Network<float>(TestDevices.Get(device), cell, vocabulary, H, new() { IndexInput = true });
                dense.Initialize(4);
                sparse.Initialize(4);
                Random random = new(b);
                int[] indices = [.. Enumerable.Range(0, T * b).Select(_ => random.Next(vocabulary))],
                    lengths = [.. Enumerable.Range(0, b).Select(i => T - i)];
                float[] x = new float[T * b * vocabulary], dy = Numbers.To<float>(Numbers.Random(T * b * dense.OutputSize, 5)),
                    y1 = new float[dy.Length], y2 = new float[dy.Length];
                for (int i = 0; i < indices.Length; i++) x[i * vocabulary + indices[i]] = 1;
                for (int t = 0; t < T; t++)
                    for (int s = 0; s < b; s++)
                        if (t >= lengths[s]) indices[t * b + s] = int.MaxValue; // on padding anything may stand
                using Pass<float> first = dense.Plan(T, b, new() { Training = true }),
                    second = sparse.Plan(T, b, new() { Training = true });
                first.SetLengths(T, lengths);
                second.SetLengths(T, lengths);
                first.Forward(x, y1);
                second.Forward(indices, y2);
                first.Backward(dy);
                second.Backward(dy);
                Assert.That(Numbers.Error(y2, [.. y1.Select(v => (double)v)]), Is.LessThan(1e-6), cell);
                foreach (Parameter p in dense.Parameters.All)
                    Assert.That(
                        Numbers.Error(sparse.Parameters.GetGradient(p.Name), [.. dense.Parameters.GetGradient(p.Name)
                            .Select(v => (double)v)]),
                        Is.LessThan(2e-6),
                        $"{cell} {p.Name}");
            }
    }

    [Test]
    public void AnIndexOutOfRangeIsRefused([Values(-1, 3)] int wrong)
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, 3, 4, new() { IndexInput = true });
        using Pass<float> pass = network.Plan(2, 2);
        Assert.That(
            () => pass.Forward([0, 1, wrong, 2], []),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains($"Index {wrong}").And.Message.Contains("step 1"));
        Assert.That(() => pass.Forward(new float[12], []), Throws.TypeOf<BadArgumentException>());
    }
}
