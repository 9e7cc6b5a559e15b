using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Portable;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Portable;

/// <summary>
/// A group owns a tile of sequences, all hidden units of them, through all steps: one launch a pass, but only so many groups as tiles of
/// sequences.
/// </summary>
sealed class SequencesOwned<E> : Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly PortableLayer<E> layer;
    readonly Kernel<E> forward, backward;
    readonly Dictionary<int, LayerProgram<E>> programs = [];

    public SequencesOwned(PortableLayer<E> layer)
    {
        this.layer = layer;
        Type worker = typeof(PortableWorker), strategy = typeof(SequencesOwned);
        forward = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.Forward), worker, layer.Tile, strategy);
        backward = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.Backward), worker, layer.Tile, layer.Stages[0], strategy);
    }

    public override Strategy Strategy => Strategy.SequencesOwned;

    public override int Width => PortableShape.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    public override double Time(BatchShape batch) => PortableLayer.SequencesTime(batch.Sequences, layer.MostPanels, layer.Device.Workers);

    public override WorkSizes WorkSizes(PassShape pass) => layer.WorkSizes(pass, layer.Shape.KeepsWithinStep);

    public override LayerPlan<E> Plan(BatchShape batch)
    {
        int groups = PortableLayer.Tiles(batch.Sequences);
        if (!programs.TryGetValue(groups, out LayerProgram<E>? program))
            programs.Add(groups, program = layer.Program([new(forward, PortableLayer<E>.Groups(groups))],
                [new(backward, PortableLayer<E>.Groups(groups))]));
        return new(program, groups, groups, Math.Max(1, batch.Steps), PortableLayer<E>.KeptSteps(batch));
    }

    public override string Describe(BatchShape batch, bool training)
    {
        LayerPlan<E> plan = Plan(batch);
        return layer.Describe(Strategy, $"{layer.Fill(batch)}: one launch", plan.Workers, plan.Chunk, training);
    }
}
