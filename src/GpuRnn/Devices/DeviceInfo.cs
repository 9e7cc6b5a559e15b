using System.Diagnostics.CodeAnalysis;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GpuRnn.Devices;

/// <summary>A device of this machine, before it is opened.</summary>
/// <param name="Id">What <see cref="Device.Open"/> takes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="MemoryBytes">Memory, in bytes.</param>
/// <param name="Detail">Vector width, compute capability or OpenCL version.</param>
public sealed record DeviceInfo(string Id, DeviceKind Kind, string Name, long MemoryBytes, string Detail)
{
    /// <summary>Is it a GPU? An OpenCL device may be the CPU once more, slower than the CPU itself.</summary>
    public bool IsGpu { get; private init; }

    /// <summary>Every device of this machine, the CPU last.</summary>
    [RequiresDynamicCode(DynamicCode.Aot), RequiresUnreferencedCode(DynamicCode.Trimming)]
    public static IReadOnlyList<DeviceInfo> All()
    {
        using Device cpu = Device.Open("cpu");
        return
        [
            .. Gpus.Of(DeviceKind.Cuda).Devices.Cast<CudaDevice>().Select((d, i) => new DeviceInfo(
                $"cuda:{i}", DeviceKind.Cuda, d.Name, d.MemorySize,
                $"compute capability {d.Architecture?.Major}.{d.Architecture?.Minor}, {d.NumMultiprocessors} multiprocessors") { IsGpu =
                    true }),
            .. Gpus.Of(DeviceKind.OpenCl).Devices.Cast<CLDevice>().Select((d, i) => new DeviceInfo(
                $"opencl:{i}", DeviceKind.OpenCl, d.Name, d.MemorySize,
                $"OpenCL C {d.CVersion.Major}.{d.CVersion.Minor}, {d.NumMultiprocessors} compute units") { IsGpu =
                    d.DeviceType != CLDeviceType.CL_DEVICE_TYPE_CPU }),
            new("cpu", DeviceKind.Cpu, "CPU", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                $"{cpu.Workers} worker{(cpu.Workers == 1 ? "" : "s")}, {cpu.VectorBits}-bit vectors"),
        ];
    }

    /// <summary>Why a kind has no device here, or fewer than the machine has: what its driver and ILGPU say, if anything.</summary>
    public static IReadOnlyDictionary<DeviceKind, string> Missing() =>
        new[] { DeviceKind.Cuda, DeviceKind.OpenCl }.Select(kind => (Kind: kind, Why: Gpus.Of(kind).Missing))
            .Where(said => said.Why is not null).ToDictionary(said => said.Kind, said => said.Why!);
}
