using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Portable;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Portable;

/// <summary>
/// A group owns a panel of hidden units of a tile of sequences, in a launch a stage and step: groups for every multiprocessor where
/// sequences alone would leave some idle.
/// </summary>
sealed class HiddenOwned<E> : Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly PortableLayer<E> layer;
    readonly Kernel<E> forwardEnds, backwardEnds;
    readonly Kernel<E>[] forward, backward;
    readonly Dictionary<int, LayerProgram<E>> programs = [];

    public HiddenOwned(PortableLayer<E> layer)
    {
        this.layer = layer;
        Type worker = typeof(PortableWorker), strategy = typeof(HiddenOwned);
        Type[] stages = layer.Stages;
        forward = [.. stages.Select(s => new PortableKernel<E>(layer.Device, nameof(SequenceKernels.ForwardStage), worker, s, strategy))];
        backward = [.. stages.Select(
            (s, i) => new PortableKernel<E>(layer.Device, nameof(SequenceKernels.BackwardStage), worker, s, stages[(i + 1) % stages.Length],
            strategy))];
        forwardEnds = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.ForwardEnds), worker, layer.Tile, strategy);
        backwardEnds = new PortableKernel<E>(layer.Device, nameof(SequenceKernels.BackwardEnds), worker, layer.Tile, strategy);
    }

    public override Strategy Strategy => Strategy.HiddenOwned;

    public override string? Refusal =>
        layer.Shape.Stages.Any(s => s.Numbers.Rounds > 0) ? $"the statistics of {layer.Shape.Cell} want all units of a row in one group"
        : null;

    public override int Width => PortableShape.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    public override double Time(BatchShape batch) => PortableLayer.HiddenTime(batch.Sequences, layer.MostPanels, layer.Device.Workers);

    public override WorkSizes WorkSizes(PassShape pass) => layer.WorkSizes(pass, layer.Shape.KeepsWithinStep);

    public override LayerPlan<E> Plan(BatchShape batch)
    {
        int tiles = PortableLayer.Tiles(batch.Sequences);
        if (!programs.TryGetValue(tiles, out LayerProgram<E>? program)) programs.Add(tiles, program = Program(tiles));
        return new(program, layer.MostPanels * tiles, 1, Math.Max(1, batch.Steps), PortableLayer<E>.KeptSteps(batch));
    }

    LayerProgram<E> Program(int tiles)
    {
        KernelConfig Config(int stage) => PortableLayer<E>.Groups(PortableLayer<E>.Panels(layer.Shape.Stages[stage]) * tiles);
        KernelConfig all = PortableLayer<E>.Groups(layer.MostPanels * tiles);
        int last = backward.Length - 1;
        return layer.Program(
            [.. forward.Select((k, i) => new Launch<E>(k, Config(i), Span.EachStep)), new(forwardEnds, all)],
            [.. backward.Select((k, i) => new Launch<E>(k, Config(i), Span.EachStep)).Reverse(),
                new(backward[last], Config(last), Span.BeforeFirst), new(backwardEnds, all)]);
    }

    public override string Describe(BatchShape batch, bool training)
    {
        LayerPlan<E> plan = Plan(batch);
        string reason = $"{layer.Fill(batch)}: a group for every {PortableShape.Width} hidden units of each, a launch a step";
        return layer.Describe(Strategy, reason, plan.Workers, plan.Chunk, training);
    }

}
