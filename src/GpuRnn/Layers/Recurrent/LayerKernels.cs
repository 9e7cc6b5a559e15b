using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Kernels.Recurrent.Portable;
using GpuRnn.Kernels.Workers;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>Of a stage: slots, and slots that the input and the hidden product fill.</summary>
readonly record struct StageCounts(int Slots, int Input, int Hidden);

/// <summary>How workers share a pass.</summary>
public enum Strategy
{
    /// <summary>A worker owns sequences.</summary>
    SequencesOwned,
    /// <summary>A worker owns hidden units; all meet after each step.</summary>
    HiddenOwned,
}

/// <summary>A cell on a device: the numbers that the host needs for its buffers, and the launches.</summary>
abstract class LayerKernels<E> where E : unmanaged
{
    /// <summary>Hidden units a panel.</summary>
    public int Width { get; protected init; }
    public int Stages { get; protected init; }
    /// <summary>Are input products made for many steps at once where workers own hidden units?</summary>
    public bool Projects { get; protected init; }
    /// <summary>Can workers wait for each other inside a launch?</summary>
    public bool WorkersMeet { get; protected init; }
    public StageCounts First { get; protected init; }
    public StageCounts Second { get; protected init; }
    public int Gates { get; protected init; }
    public bool HasC { get; protected init; }
    public bool HasHiddenBias { get; protected init; }

    public abstract void Pack(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a);
    public abstract void Forward(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a, Strategy strategy);
    public abstract void Backward(AcceleratorStream stream, KernelConfig config, KernelConfig products, in SequenceArguments<E> a, Strategy strategy);

    /// <summary>The kernels of a cell for a device, a hidden size and a kind of input.</summary>
    public static LayerKernels<E> Of(Device device, Cell cell, int hiddenSize, bool index)
    {
        Type vector = DeviceLane.Of<E>(device), lane = CellLane(device, cell, hiddenSize, vector);
        StepTypes s = cell.Step(lane);
        bool cpu = device.Kind == DeviceKind.Cpu;
        Type Tile(Type input) => cpu
            ? typeof(CpuTile<,,,,,,,,>).MakeGenericType(typeof(E), lane, vector, s.Slots1, s.Slots2, s.Stage1, s.Stage2, s.Step, input)
            : typeof(PortableTile<,,,,,,,>).MakeGenericType(typeof(E), lane, s.Slots1, s.Slots2, s.Stage1, s.Stage2, s.Step, input);
        Type tile = Tile(index ? typeof(IndexInput) : typeof(DenseInput)), fewRows = cpu && !index ? Tile(typeof(ProjectedInput)) : tile;
        return (LayerKernels<E>)Activator.CreateInstance(
            typeof(TileKernels<,,,,,,,,>).MakeGenericType(typeof(E), tile, fewRows, lane, s.Slots1, s.Slots2, s.Stage1, s.Stage2, s.Step), device)!;
    }

    /// <summary>
    /// On a CPU, cells of a single slot get four vectors a lane: see <see cref="Four{V, E}"/>. Not where padding to them would be a fifth of the work or more.
    /// </summary>
    static Type CellLane(Device device, Cell cell, int hiddenSize, Type vector)
    {
        if (device.Kind != DeviceKind.Cpu || cell.Step(vector).Slots1.GetGenericTypeDefinition() != typeof(Slots1<>)) return vector;
        int wide = 4 * device.VectorBits / (8 * System.Runtime.CompilerServices.Unsafe.SizeOf<E>());
        int padded = (hiddenSize + wide - 1) / wide * wide;
        return padded <= hiddenSize * 1.25 ? typeof(Four<,>).MakeGenericType(vector, typeof(E)) : vector;
    }
}
