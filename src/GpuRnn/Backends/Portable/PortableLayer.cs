using GpuRnn.Devices;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Portable;

namespace GpuRnn.Backends.Portable;

/// <summary>A layer on any GPU, whatever its numbers: the types of its stages, and times that a device need not be there for.</summary>
static class PortableLayer
{
    // microseconds, by prediction from counted instructions and latencies of an H100: a tile, and 64 of its summands
    const double Tile = 0.8, Summands = 0.4;

    /// <summary>Items of work of the parameters' gradients, from which on no gate rows are cut.</summary>
    const int ManyItems = 256;

    /// <summary>The time of a tile of all stages, in microseconds.</summary>
    public static double TileTime(LayerShape layer) => layer.Stages.Sum(s => Tile + Summands * s.Operands / 64);

    /// <summary>
    /// A step where groups own sequences: panels of a tile one after the other; tiles side by side as far as there are multiprocessors.
    /// </summary>
    public static double SequencesTime(int sequences, int panels, int multiprocessors, double tile) =>
        panels * tile * Math.Max(1, (double)Tiles(sequences) / multiprocessors);

    /// <summary>A step where groups own panels: those of all tiles side by side as far as there are multiprocessors.</summary>
    public static double HiddenTime(int sequences, int panels, int multiprocessors, double tile) =>
        tile * Math.Max(1, (double)panels * Tiles(sequences) / multiprocessors);

    public static int Tiles(int sequences) => Math.Max(1, PortableShape.Tiles(sequences));

    /// <summary>
    /// Slices of gate rows whose part of the parameters' gradients is summed on its own, so that there is work for a large device: by the
    /// shape alone, for bits are not to depend on the device.
    /// </summary>
    public static int Slices(LayerShape layer, int steps, int sequences)
    {
        int items = layer.Stages.Sum(s =>
            PanelSizes.Panels(s.Units, PortableShape.Width) * (1 + (layer.InputColumns + 63) / 64 + (s.Operands + 63) / 64));
        return (int)Math.Clamp(Math.Min(ManyItems / items, (long)steps * sequences / ManyItems), 1, 64);
    }

    public static Type[] StagesOf(LayerShape shape, Storage storage, Type element, Type lane)
    {
        Type[] places = TileTypes.Places(shape.Stages.Count);
        Type input = shape.IndexInput ? typeof(IndexInput) : typeof(DenseInput);
        return [.. shape.Cell.Stages(lane).Select((s, i) => typeof(PortableStage<,,,,,,,,,,>)
            .MakeGenericType(element, storage.Weights, storage.Gates, lane, s.Slots, s.Before, s.Unit, s.Row, s.Equations, places[i],
                input))];
    }
}

/// <summary>A layer on any GPU: what its ways share.</summary>
sealed class PortableLayer<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    public PortableLayer(Device device, LayerShape shape, Storage storage, Type lane)
    {
        (Device, Shape, Storage) = (device, shape, storage);
        MostPanels = shape.Stages.Max(Panels);
        Stages = PortableLayer.StagesOf(shape, storage, typeof(E), lane);
        tiles = [.. Stages.Select(s => TileTypes.List(typeof(E), typeof(PortableWorker), [s]))];
        pack = Each(nameof(SequenceKernels.Pack));
        project = Each(nameof(SequenceKernels.Project), typeof(HiddenOwned));
        forwardEnds = Each(nameof(SequenceKernels.ForwardEnds), typeof(HiddenOwned));
        backwardEnds = Each(nameof(SequenceKernels.BackwardEnds), typeof(HiddenOwned));
        inputGradient = Each(nameof(SequenceKernels.InputGradient));
        weightGradient = [.. new[]
        {
            nameof(SequenceKernels.WeightGradientBegin), nameof(SequenceKernels.WeightGradient), nameof(SequenceKernels.WeightGradientEnd),
        }.Select(name => Each(name))];
    }

    // a kernel for each stage, for one of all of them takes a compiler many times as long
    readonly Type[] tiles;
    readonly Kernel<E>[] pack, project, forwardEnds, backwardEnds, inputGradient;
    readonly Kernel<E>[][] weightGradient;

    Kernel<E>[] Each(string name, params Type[] types) =>
        [.. tiles.Select(t => new PortableKernel<E>(Device, name, [typeof(PortableWorker), t, .. types]))];

    public Device Device { get; }
    public LayerShape Shape { get; }
    public Storage Storage { get; }
    /// <summary>The types of the stages.</summary>
    public Type[] Stages { get; }

    /// <summary>Panels of the widest stage.</summary>
    public int MostPanels { get; }

    public static int Panels(StageShape stage) => PanelSizes.Panels(stage.Units, PortableShape.Width);

    public PackedSizes[] PackedSizes => PanelSizes.Packed(Shape, PortableShape.Width, Storage);

    /// <summary>Groups for what is shared out evenly.</summary>
    public KernelConfig Products => Groups(Math.Max(MostPanels, 2 * Device.Workers));

    public static KernelConfig Groups(int count) => new(count, PortableShape.Threads);

    /// <summary>
    /// A program whose steps are these launches; what stands around them is the same for all ways. Groups have a panel of a share of the
    /// sequences: one that fills the device for products of all steps, a tile for what stands at the ends.
    /// </summary>
    public LayerProgram<E> Program(Launch<E>[] forward, Launch<E>[] backward, int shares, int tiles)
    {
        KernelConfig wide = Groups(MostPanels * shares), ends = Groups(MostPanels * tiles);
        IEnumerable<Launch<E>> products = Projects ? project
            .Where((_, i) => Shape.Stages[i].Numbers.InputSlots > 0).Select(k => new Launch<E>(k, wide, Span.EachProjected)) : [];
        return new()
        {
            Pack = Launches(pack, Products), Forward = [.. products, .. forward, .. Launches(forwardEnds, ends)],
            Backward = [.. backward, .. Launches(backwardEnds, ends)], InputGradient = Launches(inputGradient, Products),
            WeightGradient = [.. weightGradient.SelectMany(k => Launches(k, Products))],
        };
    }

    static Launch<E>[] Launches(IEnumerable<Kernel<E>> kernels, KernelConfig config) =>
        [.. kernels.Select(k => new Launch<E>(k, config))];

    /// <summary>Are products of x made for many steps at once? They wait where gates are kept.</summary>
    public bool Projects => !Shape.IndexInput && Shape.Stages.Any(s => s.Numbers.InputSlots > 0);

    /// <summary>Working memory of either way.</summary>
    public WorkSizes WorkSizes(PassShape pass)
    {
        int rows = pass.Training ? checked(pass.Segment * pass.Sequences)
            : Projects || Shape.KeepsWithinStep
                ? Math.Max(pass.Sequences, (int)Math.Min(Most, (long)pass.Steps * pass.Sequences)) : 0;
        WorkSizes sizes = PanelSizes.Work(Shape, PortableShape.Width, Storage.GateBytes, rows, pass.Sequences, pass.Training,
            PortableLayer.Slices(Shape, pass.Steps, pass.Sequences));
        if (pass.Training) sizes = sizes with
        {
            Rows = rows,
            // gradients of single units, and of columns that indices name, are written where frameworks have them
            Stages = [.. sizes.Stages.Select(s => s with { DUnit = 0, DInput = Shape.IndexInput ? 0 : s.DInput })],
        };
        if (Storage.KeepsSums || !Projects) return sizes;
        return sizes with
        {
            Stages = [.. sizes.Stages.Select(s => s with { Sums = s.Gates / Storage.GateBytes })],
        };
    }

    /// <summary>Gate rows that inference keeps, at most, beyond one step's: enough for a product that fills a large device.</summary>
    const int Most = 4096;

    /// <summary>Steps whose products of x are made at once.</summary>
    public static int ProjectedSteps(BatchShape batch) => batch.Training ? Math.Max(1, batch.Steps)
        : Math.Clamp(Most / Math.Max(1, batch.Sequences), 1, Math.Max(1, batch.Steps));

    /// <summary>A plan of a program.</summary>
    public LayerPlan<E> Plan(BatchShape batch, LayerProgram<E> program, int groups, int owners) => new(
        program, groups, owners, Math.Max(1, batch.Steps), ProjectedSteps(batch),
        PortableLayer.Slices(Shape, batch.Steps, batch.Sequences));

    /// <summary>Why, in words.</summary>
    public string Fill(BatchShape batch) =>
        $"groups of {PortableShape.Rows} sequences fill {Math.Min(PortableLayer.Tiles(batch.Sequences), Device.Workers)} "
        + $"of {Device.Workers} multiprocessors";

    public string Describe(Layers.Strategy strategy, string reason, LayerPlan<E> plan, bool training) =>
        $"{strategy} ({reason}), portable tile of {PortableShape.Rows} rows x {PortableShape.Width} units, "
        + $"{MostPanels} panels of {PortableShape.Width} units, {plan.Workers} groups"
        + (Projects ? $", x projected {plan.Projected} steps at a time" : "") + (training ? $", dW in {plan.Slices} slices" : "");
}
