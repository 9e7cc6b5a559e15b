using GpuRnn.Kernels.Products;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Portable;

/// <summary>
/// A group owns a panel of hidden units of a tile of sequences: groups for every multiprocessor where sequences alone would leave some
/// idle.
/// </summary>
sealed class HiddenOwned<E>(PortableLayer<E> layer) : PortableWay<E>(layer, typeof(Kernels.Recurrent.Portable.HiddenOwned))
    where E : unmanaged, IFloatingPointIeee754<E>
{
    public override Strategy Strategy => Strategy.HiddenOwned;

    public override string? Refusal =>
        Layer.Shape.Stages.Any(s => s.Numbers.Rounds > 0) ? $"the statistics of {Layer.Shape.Cell} want all units of a row in one group"
        : null;

    public override double Time(BatchShape batch) => PortableLayer.HiddenTime(
        batch.Sequences, Layer.MostPanels, Layer.Device.Workers, PortableLayer.TileTime(Layer.Shape));

    protected override int Groups(int tiles, int panels) => tiles * panels;

    protected override int Owners(int tiles) => 1;

    public override string Describe(BatchShape batch, bool training)
    {
        string reason = $"{Layer.Fill(batch)}: a group for every {PortableShape.Width} hidden units of each, a launch a step";
        return Layer.Describe(Strategy, reason, Plan(batch), training);
    }
}
