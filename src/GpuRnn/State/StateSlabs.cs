using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Layers;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.State;

/// <summary>What a pass needs of a store, whatever its keys are.</summary>
abstract class StateSlabs<E> where E : unmanaged
{
    readonly DeviceArray<E> h;
    readonly DeviceArray<E>? c;
    readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<E>, ArrayView<int>, ArrayView<E>, int, int>> gather, scatter;
    readonly KernelConfig config;

    private protected StateSlabs(Recurrent<E> network, int capacity)
    {
        (Network, Capacity) = (network, capacity);
        if ((double)network.Options.Layers * capacity * network.HiddenSize > int.MaxValue)
            throw new BadArgumentException(
                $"States of {capacity} sequences of {network.HiddenSize} units are more than 2^31 numbers. Make the store smaller.");
        long length = (long)network.Options.Layers * capacity * network.HiddenSize;
        h = new(network.Device, length);
        c = network.HasC ? new(network.Device, length) : null;
        Device device = network.Device;
        gather = device.Kernel<ArrayView<E>, ArrayView<int>, ArrayView<E>, int, int>(StateKernels.Gather);
        scatter = device.Kernel<ArrayView<E>, ArrayView<int>, ArrayView<E>, int, int>(StateKernels.Scatter);
        config = Plan.Config(network.Device, network.Device.Workers);
    }

    public Recurrent<E> Network { get; }
    public int Capacity { get; }

    /// <summary>Moves when a sequence is removed or the store disposed: what a pass was bound to may then be another's.</summary>
    public long Version { get; set; }

    /// <summary>[capacity, H] of a layer.</summary>
    public ArrayView<E> H(int layer) => Slab(h, layer);
    public ArrayView<E> C(int layer) => c is null ? default : Slab(c, layer);

    ArrayView<E> Slab(DeviceArray<E> slab, int layer) => slab.View.SubView((long)layer * Capacity * Network.HiddenSize, (long)Capacity * Network.HiddenSize);

    public void Gather(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count) =>
        gather.Value(Network.Device.Stream, config, slab, slots, dense, count, Network.HiddenSize);

    public void Scatter(ArrayView<E> slab, ArrayView<int> slots, ArrayView<E> dense, int count) =>
        scatter.Value(Network.Device.Stream, config, slab, slots, dense, count, Network.HiddenSize);

    public void Free()
    {
        Version++;
        h.Dispose();
        c?.Dispose();
    }
}
