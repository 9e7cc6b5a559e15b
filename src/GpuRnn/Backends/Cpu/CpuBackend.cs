using GpuRnn.Backends.Cpu.Speeds;
using GpuRnn.Devices;
using GpuRnn.Devices.Machines;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Items;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Updates;
using GpuRnn.Kernels.Workers;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Cpu;

/// <summary>
/// A CPU: workers are threads that run at the same time and can wait for each other inside a launch. They are a team of the device's own
/// or, on an accelerator of the program's, the threads of one group of it.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="team">The team; null on an accelerator of the program's.</param>
/// <param name="speeds">What plans go by; null for what is known of this machine.</param>
sealed class CpuBackend(Device device, Team? team, CpuSpeeds? speeds) : Backend
{
    /// <summary>Products that take about as long as it takes to call a worker.</summary>
    const double WorthAWorker = 300_000;

    readonly CpuSpeeds speeds = speeds ?? SpeedFile.Find(device.Workers, device.VectorBits, true, device.Logger);

    public override DeviceKernel<A> Kernel<A>(Action<A> method) =>
        team is null ? new AcceleratorKernel<A>(device, method) : new TeamKernel<A>(team, method);

    public override DenormalScope Several() => team is null ? default : DenormalScope.Enter();

    public override Type Lane(Type element) => (device.VectorBits switch
    {
        512 => typeof(Wide512<>),
        256 => typeof(Wide256<>),
        _ => typeof(Wide128<>),
    }).MakeGenericType(element);

    public override KernelConfig Workers(int count) => new(1, count);

    public override KernelConfig Items(int count) => Workers(Math.Min(device.Workers, count));

    public override KernelConfig Elements(long count) => Workers((int)Math.Clamp(count / Reduction.Block, 1, device.Workers));

    public override KernelConfig Rows(int count, int inputs, int outputs) =>
        Workers((int)Math.Clamp((double)count * inputs * outputs / WorthAWorker, 1, device.Workers));

    public override Type ItemLoop => typeof(CpuItems);

    public override Type ItemAccess(Type element, Type lane, bool lanes) =>
        (lanes ? typeof(VectorAccess<,>) : typeof(PointerAccess<,>)).MakeGenericType(element, lane);

    public override Type ElementLoop(Type element) => typeof(CpuLoop<,>).MakeGenericType(element, Lane(element));

    public override Type DenseTile(Type element, Type activation, Type loss) =>
        typeof(CpuOutput<,,,,>).MakeGenericType(element, Lane(element), Number(element), activation, loss);

    public override DenseSizes DenseSizes(int inputs, int stride, int width)
    {
        int scratch = WeightProduct.KBlock * WeightProduct.RowStride(inputs, width) + 16;
        return new(scratch, (long)scratch * device.Workers, (long)stride * inputs, stride);
    }

    public override bool IsTuned => speeds.AreTuned;

    public override string TuningFile => SpeedFile.PathOf(Machine.This, device.Workers, device.VectorBits);

    public override IReadOnlyList<KeyValuePair<string, double>> Tune(IProgress<double>? progress, CancellationToken cancel)
    {
        if (team is null) throw new BadArgumentException(
            "Device.Tune measures a CPU that Device.Open opened, not an accelerator of the program's.");
        CpuSpeeds measured = new Tuning(team, device.Workers, ProductProbe.Of(Lane(typeof(float))))
            .Run(CpuSpeeds.Of(Machine.This, device.Workers), progress, cancel);
        SpeedFile.Write(TuningFile, measured);
        return measured.Numbers;
    }

    /// <summary>What is to be known of it for a layer.</summary>
    CpuSpeeds SpeedsFor(LayerShape layer, Storage storage)
    {
        long weights = storage.WeightBytes * layer.Stages.Sum(s =>
            (long)s.Units * (s.Numbers.InputSlots * layer.InputColumns + s.Numbers.HiddenSlots * s.Operands));
        return speeds.AreTuned || weights < speeds.SecondLevel / 2 ? speeds
            : QuickProbe.With(speeds, Lane(typeof(float)), device.Workers, team);
    }

    public override IReadOnlyList<Way<E>> Ways<E>(LayerShape layer, Storage storage)
    {
        CpuLayer<E> tiles = new(device, layer, storage, Lane(typeof(E)), SpeedsFor(layer, storage));
        return [.. Enum.GetValues<Strategy>().Select(s => new GridWay<E>(tiles, s))];
    }
}
