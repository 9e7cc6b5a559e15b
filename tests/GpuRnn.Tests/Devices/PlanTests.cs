using GpuRnn.Kernels.Products;
using GpuRnn.Layers;

namespace GpuRnn.Tests.Devices;

/// <summary>How passes are shared out on a GPU, by numbers alone: no test machine has a large one.</summary>
public class PlanTests
{
    [TestCase(64, 16, 132, Strategy.HiddenOwned, TestName = "4 tiles leave 128 of 132 multiprocessors idle")]
    [TestCase(1, 16, 132, Strategy.HiddenOwned, TestName = "One sequence")]
    [TestCase(16 * 131, 2, 132, Strategy.HiddenOwned, TestName = "One tile short")]
    [TestCase(16 * 131 + 1, 2, 132, Strategy.SequencesOwned, TestName = "The last tile has one sequence")]
    [TestCase(16 * 132, 64, 132, Strategy.SequencesOwned, TestName = "A tile for every multiprocessor")]
    [TestCase(64, 1, 132, Strategy.SequencesOwned, TestName = "One panel: as many groups either way")]
    [TestCase(17, 4, 2, Strategy.SequencesOwned, TestName = "A small device is full soon")]
    [TestCase(16, 4, 2, Strategy.HiddenOwned, TestName = "Not yet full")]
    [TestCase(0, 4, 2, Strategy.HiddenOwned, TestName = "No sequence")]
    public void SequencesAreOwnedWhereTheyFillTheChip(int sequences, int panels, int multiprocessors, Strategy expected) =>
        Assert.That(Plan.OfGroups(sequences, panels, multiprocessors), Is.EqualTo(expected));

    static IEnumerable<string> Gpus() =>
        TestDevices.Ids.Where(id => !id.StartsWith("cpu", StringComparison.Ordinal)).DefaultIfEmpty("none");

    /// <summary>What a GPU really gets: the rule's strategy, and a group for every tile, or for every panel of every tile.</summary>
    [TestCaseSource(nameof(Gpus)), Category("Device")]
    public void APlanFollowsTheRule(string id)
    {
        if (id == "none") Assert.Ignore("There is no GPU here.");
        Device device = TestDevices.Get(id);
        Assert.That(device.Accelerator.Context.Properties.OptimizationLevel, Is.EqualTo(ILGPU.OptimizationLevel.O2));
        using Recurrent<float> lstm = new(device, Cell.Lstm, 3, 40);
        foreach (int sequences in new[] { 1, 16, 17, 40 })
        {
            Plan plan = Plan.Of(device, lstm.Layers[0][0], 5, sequences, null);
            int tiles = PortableShape.Tiles(sequences);
            Assert.That(plan.Strategy, Is.EqualTo(Plan.OfGroups(sequences, 3, device.Workers)));
            Assert.That(plan.Workers, Is.EqualTo(plan.Strategy == Strategy.HiddenOwned ? 3 * tiles : tiles));
        }
    }
}
