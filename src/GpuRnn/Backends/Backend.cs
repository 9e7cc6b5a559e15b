using GpuRnn.Backends.Cpu;
using GpuRnn.Backends.Portable;
using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Backends;

/// <summary>The kernels that a device runs, and how launches are shared out there. Chosen once, when a device is opened; nobody else asks of what kind it is.</summary>
abstract class Backend
{
    /// <summary>The backend of a device.</summary>
    public static Backend Of(Device device) => device.Kind == DeviceKind.Cpu ? new CpuBackend(device) : new PortableBackend(device);

    /// <summary>One number of E.</summary>
    public static Type Number(Type element) => element == typeof(float) ? typeof(ScalarSingle) : typeof(ScalarDouble);

    /// <summary>What equations are evaluated on: the widest vectors that were chosen, or single numbers.</summary>
    public abstract Type Lane(Type element);

    /// <summary>So many workers: threads of one group, or groups of a grid.</summary>
    public abstract KernelConfig Workers(int count);

    /// <summary>The ways of running a layer, those that cannot run this one among them: they say why.</summary>
    public abstract IReadOnlyList<Way<E>> Ways<E>(LayerShape layer) where E : unmanaged;
}
