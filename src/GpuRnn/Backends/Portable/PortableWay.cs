using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Portable;

namespace GpuRnn.Backends.Portable;

/// <summary>A layer in launches of a stage of a step each, on any GPU: what its ways share.</summary>
abstract class PortableWay<E> : Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Kernel<E>[] forward, backward;
    readonly Dictionary<(int Tiles, int Shares), LayerProgram<E>> programs = [];

    /// <param name="layer">The layer.</param>
    /// <param name="strategy">Which groups own what.</param>
    protected PortableWay(PortableLayer<E> layer, Type strategy)
    {
        Layer = layer;
        Type worker = typeof(PortableWorker);
        Type[] stages = layer.Stages;
        forward = [.. stages.Select(s => new PortableKernel<E>(layer.Device, nameof(SequenceKernels.ForwardStage), worker, s, strategy))];
        backward = [.. stages.Select(
            (s, i) => new PortableKernel<E>(layer.Device, nameof(SequenceKernels.BackwardStage), worker, s, stages[(i + 1) % stages.Length],
            strategy))];
    }

    protected PortableLayer<E> Layer { get; }

    public override int Width => PortableShape.Width;

    public override object Packing => Layer;

    public override PackedSizes[] PackedSizes => Layer.PackedSizes;

    public override WorkSizes WorkSizes(PassShape pass) => Layer.WorkSizes(pass);

    /// <summary>Groups for so many tiles of sequences and panels.</summary>
    protected abstract int Groups(int tiles, int panels);

    /// <summary>Owners of sequences, of so many tiles.</summary>
    protected abstract int Owners(int tiles);

    public override LayerPlan<E> Plan(BatchShape batch)
    {
        int tiles = PortableLayer.Tiles(batch.Sequences), shares = Math.Clamp(Filling, tiles, Math.Max(1, batch.Sequences));
        if (!programs.TryGetValue((tiles, shares), out LayerProgram<E>? program))
            programs.Add((tiles, shares), program = Program(tiles, shares));
        return Layer.Plan(batch, program, Groups(tiles, Layer.MostPanels), Owners(tiles));
    }

    /// <summary>Shares of sequences with which products of x have two groups for every multiprocessor, where there are so many.</summary>
    int Filling => (2 * Layer.Device.Workers + Layer.MostPanels - 1) / Layer.MostPanels;

    LayerProgram<E> Program(int tiles, int shares)
    {
        KernelConfig Config(int stage) =>
            PortableLayer<E>.Groups(Groups(tiles, PortableLayer<E>.Panels(Layer.Shape.Stages[stage])));
        int last = backward.Length - 1;
        return Layer.Program(
            [.. forward.Select((k, i) => new Launch<E>(k, Config(i), Span.EachStep))],
            [.. backward.Select((k, i) => new Launch<E>(k, Config(i), Span.EachStep)).Reverse(),
                new(backward[last], Config(last), Span.BeforeFirst)], shares, tiles);
    }
}
