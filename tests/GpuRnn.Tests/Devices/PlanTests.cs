using GpuRnn.Backends;
using GpuRnn.Backends.Portable;
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
    public void SequencesAreOwnedWhereTheyFillTheChip(int sequences, int panels, int multiprocessors, Strategy expected)
    {
        double owned = PortableLayer.SequencesTime(sequences, panels, multiprocessors),
            shared = PortableLayer.HiddenTime(sequences, panels, multiprocessors);
        Assert.That(owned <= shared ? Strategy.SequencesOwned : Strategy.HiddenOwned, Is.EqualTo(expected));
    }

    /// <summary>On a CPU a register tile must fill for each worker, and large weights come from memory.</summary>
    [TestCase(256, 3, 2, Strategy.HiddenOwned)]
    [TestCase(256, 4, 2, Strategy.SequencesOwned)]
    [TestCase(2048, 31, 2, Strategy.HiddenOwned)]
    [TestCase(2048, 32, 2, Strategy.SequencesOwned)]
    public void ACpuSharesHiddenUnitsOfFewSequences(int hidden, int sequences, int workers, Strategy expected)
    {
        using Device device = Device.Open($"cpu:{workers}");
        Planner<float> planner = new(
            device.Backend.Ways<float>(LayerShape.Of(Cell.Lstm, 8, hidden, hidden, false), Storage.Plain(typeof(float))), null);
        Assert.That(planner.Choose(new(5, sequences)).Strategy, Is.EqualTo(expected));
    }

    static IEnumerable<string> Gpus() =>
        TestDevices.Ids.Where(id => !id.StartsWith("cpu", StringComparison.Ordinal)).DefaultIfEmpty("none");

    /// <summary>
    /// What a GPU really gets: the strategy of the least time, and a group for every tile, or for every panel of every tile.
    /// </summary>
    [TestCaseSource(nameof(Gpus)), Category("Device")]
    public void APlanFollowsTheRule(string id)
    {
        if (id == "none") Assert.Ignore("There is no GPU here.");
        Device device = TestDevices.Get(id);
        Assert.That(device.Accelerator.Context.Properties.OptimizationLevel, Is.EqualTo(ILGPU.OptimizationLevel.O2));
        Planner<float> planner = new(
            device.Backend.Ways<float>(LayerShape.Of(Cell.Lstm, 3, 40, 40, false), Storage.Plain(typeof(float))), null);
        foreach (int sequences in new[] { 1, 16, 17, 40 })
        {
            Way<float> way = planner.Choose(new(5, sequences));
            int tiles = PortableShape.Tiles(sequences);
            bool owned = PortableLayer.SequencesTime(sequences, 3, device.Workers) <= PortableLayer.HiddenTime(
                sequences, 3, device.Workers);
            Assert.That(way.Strategy, Is.EqualTo(owned ? Strategy.SequencesOwned : Strategy.HiddenOwned));
            Assert.That(way.Plan(new(5, sequences)).Workers, Is.EqualTo(owned ? tiles : 3 * tiles));
        }
    }
}
