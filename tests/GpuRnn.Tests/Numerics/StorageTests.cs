using GpuRnn.Layers;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Numerics;

/// <summary>Weights and gates in half the bytes, under every kind of cell: what is stored is rounded, nothing else changes.</summary>
public class StorageTests
{
    static IEnumerable<TestCaseData> Cases() =>
        from device in TestDevices.Ids
        from cell in new[] { "lstm", "gru", "rnn_tanh", "relevance_lstm", "lstm_peephole_projected", "rnn_normalized" }
        from strategy in new[] { Strategy.SequencesOwned, Strategy.HiddenOwned }
        select new TestCaseData(device, new Case(cell, 6, 5, 7, 19, 2, Lengths: [5, 6, 1, 0, 3], Strategy: strategy))
            .SetArgDisplayNames(device, cell, $"{strategy}");

    /// <summary>As the reference on weights that were rounded beforehand, to float's precision: gradients too.</summary>
    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void ShortWeightsAreRoundedWeights(string device, Case c) =>
        NetworkTests.Compare<float>(TestDevices.Get(device), c with { ShortWeights = true }, 1e-5, 3e-5);

    /// <summary>
    /// Gates are saved for the way back: outputs of cells of one stage are as they were, gradients have the precision of what was saved.
    /// </summary>
    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void ShortGatesCostGradientsPrecision(string device, Case c)
    {
        Outcome<float> got = Outcome<float>.Of(TestDevices.Get(device), c with { ShortGates = true }, out ReferenceResult expected);
        bool within = c.Cell is "relevance_lstm" or "rnn_normalized"; // gates are read within the step
        Assert.That(Numbers.Error(got.Y, expected.Y), Is.LessThan(within ? 2e-2 : 1e-5));
        double worst = expected.Gradients.Max(g => Numbers.Error(got.Gradients[g.Key], g.Value));
        Assert.That(worst, Is.LessThan(3e-2).And.GreaterThan(1e-4), "short gates must be seen in the gradients, and only there");
    }
}
