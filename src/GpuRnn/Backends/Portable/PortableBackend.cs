using GpuRnn.Devices;
using GpuRnn.Kernels.Products;

namespace GpuRnn.Backends.Portable;

/// <summary>Any GPU that ILGPU knows: workers are thread groups, which cannot wait for each other inside a launch.</summary>
sealed class PortableBackend(Device device) : Backend
{
    public override Type Lane(Type element) => Number(element);

    public override KernelConfig Workers(int count) => new(count, PortableShape.Threads);

    public override IReadOnlyList<Way<E>> Ways<E>(LayerShape layer)
    {
        PortableLayer<E> tiles = new(device, layer, Lane(typeof(E)));
        return [new SequencesOwned<E>(tiles), new HiddenOwned<E>(tiles)];
    }
}
