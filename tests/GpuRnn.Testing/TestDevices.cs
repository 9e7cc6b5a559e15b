using GpuRnn.Devices;
using GpuRnn.Ptx.Engine;

namespace GpuRnn.Testing;

/// <summary>
/// The devices that tests run on: those of GPURNN_TEST_DEVICES (comma-separated), else the CPU and every GPU of the machine. "ptx" is the
/// GPU that is none, which runs CUDA's kernels one thread at a time and watches them. A device is opened once for all tests, for compiling
/// kernels takes seconds on some.
/// </summary>
public static class TestDevices
{
    static readonly Dictionary<string, Device> s_open = [];

    public static IEnumerable<string> Ids
    {
        get
        {
            if (Environment.GetEnvironmentVariable("GPURNN_TEST_DEVICES") is { Length: > 0 } named) return named.Split(',');
            return
            [
                "cpu",
                .. DeviceInfo.All().Where(d => d.IsGpu).Select(d => d.Id)
            ];
        }
    }

    public static Device Get(string id)
    {
        lock (s_open)
        {
            if (!s_open.TryGetValue(id, out Device? device)) s_open[id] = device = id == "ptx" ? new PtxGpu().Device : Device.Open(id);
            return device;
        }
    }
}
