using GpuRnn.Backends.Clusters;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Items;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Updates;

namespace GpuRnn.Backends.Portable;

/// <summary>Any GPU that ILGPU knows: workers are thread groups, which cannot wait for each other inside a launch.</summary>
class PortableBackend(Device device, Recorder? recorder = null) : Backend
{
    public override Recorder? Recorder => recorder;

    public override DeviceKernel<A> Kernel<A>(Action<A> method) => new AcceleratorKernel<A>(device, method);

    public override Type Lane(Type element) => Number(element);

    public override KernelConfig Workers(int count) => new(count, PortableShape.Threads);

    public override KernelConfig Items(int count) =>
        new(Math.Clamp((count + GpuItems.Threads - 1) / GpuItems.Threads, 1, 4096), GpuItems.Threads);

    public override KernelConfig Elements(long count) => Workers((int)Math.Clamp(count / PortableShape.Threads, 1, 1024));

    public override KernelConfig Rows(int count, int inputs, int outputs) => Workers(Math.Clamp(
        Math.Max(PortableShape.Tiles(count), PortableShape.Tiles(inputs + 1) * ((outputs + 63) / 64)), 1, 1024));

    public override Type ItemLoop => typeof(GpuItems);

    public override Type ItemAccess(Type element, Type lane, bool lanes) => typeof(ScalarAccess<,>).MakeGenericType(element, lane);

    public override Type ElementLoop(Type element) => typeof(GpuLoop<,>).MakeGenericType(element, Lane(element));

    public override Type DenseTile(Type element, Type activation, Type loss) =>
        typeof(PortableOutput<,,,>).MakeGenericType(element, Number(element), activation, loss);

    public override DenseSizes DenseSizes(int inputs, int stride, int width) => default;

    public override IReadOnlyList<Way<E>> Ways<E>(LayerShape layer, Storage storage)
    {
        PortableLayer<E> tiles = new(device, layer, storage, Lane(typeof(E)));
        HiddenOwned<E> hidden = new(tiles);
        List<Way<E>> ways = [new SequencesOwned<E>(tiles), hidden];
        if (tiles is PortableLayer<float> single && ClusterOwned.Of(single, (HiddenOwned<float>)(object)hidden) is Way<E> clusters)
            ways.Add(clusters);
        return ways;
    }
}
