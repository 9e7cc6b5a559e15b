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
    readonly Items<StateRowsArguments<E>> rows;

    private protected StateSlabs(Recurrent<E> network, int capacity)
    {
        (Network, Capacity) = (network, capacity);
        if ((double)network.Options.Layers * capacity * Math.Max(network.SizeOfH, network.SizeOfC) > int.MaxValue)
            throw new BadArgumentException(
                $"States of {capacity} sequences of {network.HiddenSize} units are more than 2^31 numbers. Make the store smaller.");
        long states = (long)network.Options.Layers * capacity;
        h = new(network.Device, states * network.SizeOfH);
        c = network.HasC ? new(network.Device, states * network.SizeOfC) : null;
        rows = Items<StateRowsArguments<E>>.OverLanes<E>(network.Device, typeof(StateRows<,,>));
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

    /// <summary>dense[b] = slab[slots[b]], rows of `size` elements.</summary>
    public void Gather(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count, int size) =>
        Copy(slab, slots, dense, default, count, size);

    /// <summary>slab[slots[b]] = dense[b].</summary>
    public void Scatter(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count, int size) =>
        Copy(dense, default, slab, slots, count, size);

    void Copy(ArrayView<E> from, ArrayView<int> fromRows, ArrayView<E> to, ArrayView<int> toRows, int count, int size)
    {
        Device device = Network.Device;
        rows.Run(new()
        {
            B = count, Size = size, From = device.Buffer(from), FromRows = device.Buffer(fromRows), To = device.Buffer(to),
            ToRows = device.Buffer(toRows),
        });
    }

    public void Free()
    {
        Version++;
        h.Dispose();
        c?.Dispose();
    }
}
