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
    readonly Kernel<E> project, forward, forwardEnds, backward;
    readonly Dictionary<int, LayerProgram<E>> programs = [];

    public SequencesOwned(PortableLayer<E> layer)
    {
        this.layer = layer;
        Type worker = typeof(PortableWorker), strategy = typeof(SequencesOwned);
        project = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.Project), worker, layer.Tile, strategy);
        forward = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.ForwardSteps), worker, layer.Tile, strategy);
        forwardEnds = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.ForwardEnds), worker, layer.Tile, strategy);
        backward = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.Backward), worker, layer.Tile, layer.Stages[0], strategy);
    }

    public override Strategy Strategy => Strategy.SequencesOwned;

    public override int Width => PortableShape.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    public override double Time(BatchShape batch) => PortableLayer.SequencesTime(
        batch.Sequences, layer.MostPanels, layer.Device.Workers, PortableLayer.TileTime(layer.Shape));

    public override WorkSizes WorkSizes(PassShape pass) => layer.WorkSizes(pass);

    public override LayerPlan<E> Plan(BatchShape batch)
    {
        int groups = PortableLayer.Tiles(batch.Sequences);
        if (!programs.TryGetValue(groups, out LayerProgram<E>? program))
            programs.Add(groups, program = Program(PortableLayer<E>.Groups(groups)));
        return layer.Plan(batch, program, groups, groups);
    }

    LayerProgram<E> Program(KernelConfig groups)
    {
        Launch<E>[] first = layer.Projects ? [new(project, groups, Span.EachProjected)] : [];
        return layer.Program(
            [.. first, new(forward, groups, Span.EachProjected), new(forwardEnds, groups)], [new(backward, groups)]);
    }

    public override string Describe(BatchShape batch, bool training) =>
        layer.Describe(Strategy, $"{layer.Fill(batch)}: one launch", Plan(batch), training);
}
