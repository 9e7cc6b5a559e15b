using ILGPU;
using ILGPU.Runtime;
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
    /// <summary>Every device of this machine, the CPU last.</summary>
    public static IReadOnlyList<DeviceInfo> All()
    {
        NativeLibraries.Prepare();
        List<DeviceInfo> all = [];
        Add(DeviceKind.Cuda, b => b.Cuda(), c => Device.List(c.GetCudaDevices()).Select((d, i) =>
            new DeviceInfo($"cuda:{i}", DeviceKind.Cuda, d.Name, d.MemorySize, $"compute capability {d.Architecture?.Major}.{d.Architecture?.Minor}, {d.NumMultiprocessors} multiprocessors")));
        Add(DeviceKind.OpenCl, b => b.OpenCL(), c => Device.List(c.GetCLDevices()).Select((d, i) =>
            new DeviceInfo($"opencl:{i}", DeviceKind.OpenCl, d.Name, d.MemorySize, $"OpenCL C {d.CVersion.Major}.{d.CVersion.Minor}, {d.NumMultiprocessors} compute units")));
        using Device cpu = Device.Open("cpu");
        all.Add(new("cpu", DeviceKind.Cpu, "CPU", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, $"{cpu.Workers} worker{(cpu.Workers == 1 ? "" : "s")}, {cpu.VectorBits}-bit vectors"));
        return all;

        void Add(DeviceKind kind, Action<Context.Builder> enable, Func<Context, IEnumerable<DeviceInfo>> list)
        {
            try
            {
                using Context context = Context.Create(b => enable(b));
                all.AddRange(list(context));
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or NotSupportedException or CudaException or CLException)
            {
                // no driver of this kind: no device of it
            }
        }
    }
}
