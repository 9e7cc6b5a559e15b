using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Backends.Cpu;

/// <summary>ILGPU's CPU accelerator: workers are threads of one group, which run at the same time and can wait for each other inside a launch.</summary>
sealed class CpuBackend(Device device) : Backend
{
    public override Type Lane(Type element) => (device.VectorBits switch
    {
        512 => typeof(Wide512<>),
        256 => typeof(Wide256<>),
        _ => typeof(Wide128<>),
    }).MakeGenericType(element);

    public override KernelConfig Workers(int count) => new(1, count);

    public override IReadOnlyList<Way<E>> Ways<E>(LayerShape layer)
    {
        CpuLayer<E> tiles = new(device, layer, Lane(typeof(E)));
        return [new SequencesOwned<E>(tiles), new HiddenOwned<E>(tiles)];
    }
}
