using GpuRnn.Devices;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Portable;

namespace GpuRnn.Backends.Portable;

/// <summary>A layer on any GPU, whatever its numbers: the types of its stages, and times that a device need not be there for.</summary>
static class PortableLayer
{
    /// <summary>
    /// Where groups own sequences: panels of a tile one after the other; tiles side by side as far as there are multiprocessors.
    /// </summary>
    public static double SequencesTime(int sequences, int panels, int multiprocessors) =>
        panels * Math.Max(1, (double)Tiles(sequences) / multiprocessors);

    /// <summary>
    /// Where groups own panels: those of all tiles side by side as far as there are multiprocessors, and a little for a launch each step.
    /// </summary>
    public static double HiddenTime(int sequences, int panels, int multiprocessors) =>
        Math.Max(1, (double)panels * Tiles(sequences) / multiprocessors) + 0.5 / multiprocessors;

    public static int Tiles(int sequences) => Math.Max(1, PortableShape.Tiles(sequences));


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
        Type tile = TileTypes.List(typeof(E), typeof(PortableWorker), Stages);
        Tile = tile;
        Pack = new PortableKernel<E>(device, nameof(SequenceKernels.Pack), typeof(PortableWorker), tile);
        InputGradient = new PortableKernel<E>(device, nameof(SequenceKernels.InputGradient), typeof(PortableWorker), tile);
        WeightGradient = new PortableKernel<E>(device, nameof(SequenceKernels.WeightGradient), typeof(PortableWorker), tile);
    }

    public Device Device { get; }
    public LayerShape Shape { get; }
    public Storage Storage { get; }
    /// <summary>The types of the stages.</summary>
    public Type[] Stages { get; }
    /// <summary>The type of all of them.</summary>
    public Type Tile { get; }
    public Kernel<E> Pack { get; }
    public Kernel<E> InputGradient { get; }
    public Kernel<E> WeightGradient { get; }

    /// <summary>Panels of the widest stage.</summary>
    public int MostPanels { get; }

    public static int Panels(StageShape stage) => PanelSizes.Panels(stage.Units, PortableShape.Width);

    public PackedSizes[] PackedSizes => PanelSizes.Packed(Shape, PortableShape.Width, Storage);

    /// <summary>Groups for what is shared out evenly.</summary>
    public KernelConfig Products => new(Math.Max(1, Math.Max(MostPanels, Device.Workers)), PortableShape.Threads);

    public static KernelConfig Groups(int count) => new(count, PortableShape.Threads);

    /// <summary>A program of these passes, with the launches that all ways have.</summary>
    public LayerProgram<E> Program(Launch<E>[] forward, Launch<E>[] backward) => new()
    {
        Pack = [new(Pack, Products)], Forward = forward, Backward = backward, InputGradient = [new(InputGradient, Products)],
        WeightGradient = [new(WeightGradient, Products)],
    };

    /// <summary>Working memory of either way.</summary>
    public WorkSizes WorkSizes(PassShape pass, bool keeps)
    {
        int rows = pass.Training ? checked(pass.Segment * pass.Sequences)
            : keeps ? Math.Max(pass.Sequences, (int)Math.Min(Most, (long)pass.Steps * pass.Sequences)) : 0;
        return PanelSizes.Work(Shape, PortableShape.Width, Storage.GateBytes, rows, pass.Sequences, pass.Training, partial: false);
    }

    /// <summary>Gate rows that inference keeps, at most, beyond one step's.</summary>
    const int Most = 96;

    public static int KeptSteps(BatchShape batch) => Math.Clamp(Most / Math.Max(1, batch.Sequences), 1, Math.Max(1, batch.Steps));

    /// <summary>Why, in words.</summary>
    public string Fill(BatchShape batch) =>
        $"groups of {PortableShape.Rows} sequences fill {Math.Min(PortableLayer.Tiles(batch.Sequences), Device.Workers)} "
        + $"of {Device.Workers} multiprocessors";

    public string Describe(Layers.Strategy strategy, string reason, int groups, int chunk, bool training) =>
        $"{strategy} ({reason}), portable tile of {PortableShape.Rows} rows x {PortableShape.Width} units, "
        + $"{MostPanels} panels of {PortableShape.Width} units, {groups} groups"
        + (training ? $", dx every {chunk} steps" : "");
}
