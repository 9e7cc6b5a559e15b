using GpuRnn.Layers;

namespace GpuRnn.Backends.Portable;

/// <summary>A group owns a tile of sequences, all hidden units of them: statistics over a row need no other group.</summary>
sealed class SequencesOwned<E>(PortableLayer<E> layer) : PortableWay<E>(layer, typeof(Kernels.Recurrent.Portable.SequencesOwned))
    where E : unmanaged, IFloatingPointIeee754<E>
{
    public override Strategy Strategy => Strategy.SequencesOwned;

    public override double Time(BatchShape batch) => PortableLayer.SequencesTime(
        batch.Sequences, Layer.MostPanels, Layer.Device.Workers, PortableLayer.TileTime(Layer.Shape));

    protected override int Groups(int tiles, int panels) => tiles;

    protected override int Owners(int tiles) => tiles;

    public override string Describe(BatchShape batch, bool training) =>
        Layer.Describe(Strategy, $"{Layer.Fill(batch)}: all hidden units in a group, a launch a step", Plan(batch), training);
}
