using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Kernels.Memory;
using GpuRnn.Layers;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.State;

/// <summary>What a pass needs of a store, whatever its keys are.</summary>
abstract class StateSlabs<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly DeviceArray<E> h;
    readonly DeviceArray<E>? c;
    readonly Items<StateRowsArguments<E>> rowsOut, rowsIn;

    private protected StateSlabs(Recurrent<E> network, int capacity)
    {
        (Network, Capacity) = (network, capacity);
        if ((double)network.Options.Layers * capacity * Math.Max(network.SizeOfH, network.SizeOfC) > int.MaxValue)
            throw new BadArgumentException(
                $"States of {capacity} sequences of {network.HiddenSize} units are more than 2^31 numbers. Make the store smaller.");
        long rows = (long)network.Options.Layers * capacity;
        h = new(network.Device, rows * network.SizeOfH);
        c = network.HasC ? new(network.Device, rows * network.SizeOfC) : null;
        rowsOut = Items<StateRowsArguments<E>>.OverLanes<E>(network.Device, typeof(StateRowsOut<,,>));
        rowsIn = Items<StateRowsArguments<E>>.OverLanes<E>(network.Device, typeof(StateRowsIn<,,>));
    }

    public Recurrent<E> Network { get; }
    public int Capacity { get; }

    /// <summary>Moves when a sequence is removed or the store disposed: what a pass was bound to may then be another's.</summary>
    public long Version { get; set; }

    /// <summary>[capacity, elements of h] of a layer.</summary>
    public ArrayView<E> H(int layer) => Slab(h, layer, Network.SizeOfH);

    /// <summary>[capacity, elements of c] of a layer; empty for cells that have none.</summary>
    public ArrayView<E> C(int layer) => c is null ? default : Slab(c, layer, Network.SizeOfC);

    ArrayView<E> Slab(DeviceArray<E> slab, int layer, int size) => slab.View.SubView((long)layer * Capacity * size, (long)Capacity * size);

    public void Gather(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count, int size) =>
        rowsOut.Run(Rows(slab, slots, dense, count, size));

    public void Scatter(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count, int size) =>
        rowsIn.Run(Rows(slab, slots, dense, count, size));

    StateRowsArguments<E> Rows(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count, int size)
    {
        Device device = Network.Device;
        return new() { B = count, Size = size, Slots = device.Buffer(slots), Store = device.Buffer(slab), Dense = device.Buffer(dense) };
    }

    public void Free()
    {
        Version++;
        h.Dispose();
        c?.Dispose();
    }
}
