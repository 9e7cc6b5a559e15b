using GpuRnn.Devices;
using ILGPU.Runtime.OpenCL;

namespace GpuRnn.Cli.Commands;

/// <summary>Which devices a command uses when none is named.</summary>
static class DeviceChoice
{
    /// <summary>The CPU and what is not the CPU again: OpenCL on a CPU is there for correctness.</summary>
    public static string[] CpuAndGpus() =>
        [.. DeviceInfo.All().Where(info => info.Kind != DeviceKind.OpenCl || IsGpu(info)).Select(info => info.Id).Reverse()];

    static bool IsGpu(DeviceInfo info)
    {
        using Device device = Device.Open(info.Id);
        return device.Accelerator is CLAccelerator { DeviceType: not CLDeviceType.CL_DEVICE_TYPE_CPU };
    }
}
