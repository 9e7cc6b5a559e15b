using System.Runtime.CompilerServices;
using GpuRnn.Backends.Cpu.Speeds;
using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;

namespace GpuRnn.Backends.Cpu;

/// <summary>A layer on the CPU: what its ways share.</summary>
sealed class CpuLayer<E>(Device device, LayerShape shape, Storage storage, Type vector, CpuSpeeds speeds)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>FMAs' time of a byte's product beside a float's: two instructions for four times as many.</summary>
    const double ByteCost = 0.5;

    int? mostPanels;
    CostModel? costs;
    Kernel<E>? pack, forward, forwardProjected, backward;

    public Device Device => device;
    public LayerShape Shape => shape;
    public Storage Storage => storage;

    /// <summary>
    /// Cells of a single slot get four vectors a lane: see <see cref="Four{V, E}"/>. Not where padding to them would be a fifth of the
    /// work or more.
    /// </summary>
    public Type Lane { get; } = shape.Stages[0].Numbers.Slots == 1
        && PanelSizes.Panels(shape.Units, 4 * Elements(device)) * 4 * Elements(device) <= shape.Units * 1.25
        ? typeof(Four<,>).MakeGenericType(vector, typeof(E))
        : vector;

    static int Elements(Device device) => device.VectorBits / (8 * Unsafe.SizeOf<E>());

    /// <summary>Units of a panel.</summary>
    public int Width => Lane == vector ? Elements(device) : 4 * Elements(device);

    /// <summary>Panels of the widest stage: more workers would have nothing to do.</summary>
    public int MostPanels => mostPanels ??= shape.Stages.Max(s => PanelSizes.Panels(s.Units, Width));

    public PackedSizes[] PackedSizes => PanelSizes.Packed(shape, Width, storage);

    /// <summary>The stages over a kind of input.</summary>
    Type[] Stages(Type input)
    {
        Type[] places = TileTypes.Places(shape.Stages.Count);
        return [.. shape.Cell.Stages(Lane).Select((s, i) => typeof(CpuStage<,,,,,,,,,,,>)
            .MakeGenericType(typeof(E), Weights(s.Slots), storage.Gates, Lane, vector, s.Slots, s.Before, s.Unit, s.Row, s.Equations,
                places[i], input))];
    }

    Type Weights(Type slots)
    {
        if (!storage.IsScaled) return storage.Weights;
        Type dots = typeof(Dots<,>).MakeGenericType(Lane, typeof(E));
        return storage.Weights.MakeGenericType(typeof(E), Lane, slots.GetGenericTypeDefinition().MakeGenericType(dots));
    }

    /// <summary>
    /// Can products of x be made for many steps at once? They wait where gates are kept. Where weights are bytes, rows are rounded step by
    /// step.
    /// </summary>
    public bool Projects =>
        !shape.IndexInput && storage.KeepsSums && !storage.IsScaled && shape.Stages.Any(s => s.Numbers.InputSlots > 0);

    /// <summary>Can workers share the units of a row? Not where its statistics take all of them.</summary>
    public bool SharesUnits => shape.Stages.All(s => s.Numbers.Rounds == 0);

    public CpuSpeeds Speeds => speeds;

    /// <summary>What candidates cost.</summary>
    public CostModel Costs => costs ??= new(
        shape, new(Width, Width / Elements(device), device.VectorBits == 512 ? 6 : 3, storage.IsScaled ? ByteCost : 1), Unsafe.SizeOf<E>(),
        storage.WeightBytes, speeds);

    public Kernel<E> Pack => pack ??= New(nameof(SequenceKernels.Pack), Tile());
    public Kernel<E> Forward => forward ??= New(nameof(SequenceKernels.Forward), Tile(), typeof(WorkerGrid));
    public Kernel<E> ForwardProjected => forwardProjected ??= New(
        nameof(SequenceKernels.ForwardProjected), TileOf(Stages(typeof(ProjectedInput))), typeof(WorkerGrid));
    /// <summary>It reads dense input as it is.</summary>
    public Kernel<E> Backward => backward ??= New(nameof(SequenceKernels.BackwardWhole), Tile(), OwnStages[0], typeof(WorkerGrid));

    Type[] OwnStages => Stages(shape.IndexInput ? typeof(IndexInput) : typeof(DenseInput));

    Type Tile() => TileOf(OwnStages);

    static Type TileOf(Type[] stages) => TileTypes.List(typeof(E), typeof(CpuWorker), stages);

    CpuKernel<E> New(string name, params Type[] types) => new(device, name, [typeof(CpuWorker), .. types]);

    /// <summary>What dW copies rows of [x, operand] to; where weights are bytes, what rows of both are rounded to.</summary>
    public WorkSizes WithScratch(WorkSizes sizes, bool training, int sequences)
    {
        if (storage.IsScaled)
        {
            int length = shape.Stages.Max(s =>
                (s.Numbers.InputSlots > 0 ? ByteRows.Groups(shape.InputColumns) : 0) + ByteRows.Groups(s.Operands) + 2);
            int rows = checked(length * Math.Min(sequences, ByteRows.Block) + 16);
            return sizes with { ScratchStride = rows, Scratch = (long)rows * device.Workers };
        }
        if (!training) return sizes;
        int columns = shape.Stages.Max(s => (s.Numbers.InputSlots > 0 ? shape.InputColumns : 0) + s.Operands);
        int stride = WeightProduct.KBlock * WeightProduct.RowStride(columns, Width) + 16;
        return sizes with { ScratchStride = stride, Scratch = (long)stride * device.Workers };
    }

    /// <summary>The tile in words.</summary>
    public string Words => $"CPU tile of {device.VectorBits}-bit vectors, {PanelSizes.Panels(shape.Units, Width)} panels of {Width} units";
}
