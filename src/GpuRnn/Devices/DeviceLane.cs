using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Devices;

/// <summary>What equations are evaluated on: the choice that every launch begins with.</summary>
static class DeviceLane
{
    /// <summary>One number of E.</summary>
    public static Type NumberOf<E>() where E : unmanaged =>
        typeof(E) == typeof(float) ? typeof(ScalarSingle) : typeof(ScalarDouble);

    /// <summary>The widest vectors that were chosen for a CPU, single numbers elsewhere.</summary>
    public static Type Of<E>(Device device) where E : unmanaged => device.Kind == DeviceKind.Cpu
        ? (device.VectorBits switch { 512 => typeof(Wide512<>), 256 => typeof(Wide256<>), _ => typeof(Wide128<>) }).MakeGenericType(typeof(E))
        : NumberOf<E>();
}
