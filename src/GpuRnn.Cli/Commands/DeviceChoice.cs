using GpuRnn.Devices;

namespace GpuRnn.Cli.Commands;

/// <summary>Which devices a command uses when none is named.</summary>
static class DeviceChoice
{
    /// <summary>The CPU and the GPUs: OpenCL on a CPU is there for correctness.</summary>
    public static string[] CpuAndGpus() => ["cpu", .. DeviceInfo.All().Where(info => info.IsGpu).Select(info => info.Id).Reverse()];
}
