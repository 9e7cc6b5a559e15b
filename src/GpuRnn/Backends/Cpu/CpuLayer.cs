using System.Runtime.CompilerServices;
using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Cpu;

namespace GpuRnn.Backends.Cpu;

/// <summary>A layer on the CPU: what its ways share.</summary>
sealed class CpuLayer<E>(Device device, LayerShape shape, Storage storage, Type vector) where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Weights that a last-level cache does not keep beside everything else, in bytes.</summary>
    const long LargeWeights = 16 << 20;

    int? mostPanels;

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

    public int PackWorkers => Math.Min(device.Workers, MostPanels);

    public PackedSizes[] PackedSizes => PanelSizes.Packed(shape, Width, storage.WeightBytes);

    /// <summary>The stages over a kind of input.</summary>
    public Type[] Stages(Type input)
    {
        Type[] places = TileTypes.Places(shape.Stages.Count);
        return [.. shape.Cell.Stages(Lane).Select((s, i) => typeof(CpuStage<,,,,,,,,,,,>)
            .MakeGenericType(typeof(E), storage.Weights, storage.Gates, Lane, vector, s.Slots, s.Before, s.Unit, s.Row, s.Equations,
                places[i], input))];
    }

    /// <summary>
    /// With fewer sequences than these, workers share hidden units: they would not fill a register tile each; and large weights come from
    /// memory, where each worker better reads its part than all of them. By weights of states alone, for all layers of a network decide
    /// alike.
    /// </summary>
    public int FewSequences { get; } = (2 * shape.HiddenWeights * Unsafe.SizeOf<E>() > LargeWeights ? 16 : 2) * device.Workers;

    /// <summary>What dW copies rows of [x, operand] to.</summary>
    public WorkSizes WithScratch(WorkSizes sizes, bool training)
    {
        if (!training) return sizes;
        int columns = shape.Stages.Max(s => (s.Numbers.InputSlots > 0 ? shape.InputColumns : 0) + s.Operands);
        int stride = WeightProduct.KBlock * WeightProduct.RowStride(columns, Width) + 16;
        return sizes with { ScratchStride = stride, Scratch = (long)stride * device.Workers };
    }

    /// <summary>The tile in words.</summary>
    public string Tile => $"CPU tile of {device.VectorBits}-bit vectors, {PanelSizes.Panels(shape.Units, Width)} panels of {Width} units";
}
