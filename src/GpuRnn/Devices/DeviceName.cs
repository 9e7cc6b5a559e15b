using System.Globalization;
namespace GpuRnn.Devices;

/// <summary>A device as users write it: KIND or KIND:NUMBER.</summary>
readonly record struct DeviceName(DeviceKind? Kind, int? Number)
{
    public static DeviceName Parse(string? name)
    {
        if (string.IsNullOrEmpty(name)) return default;
        string[] parts = name.Split(':');
        DeviceKind? kind = parts[0].ToLowerInvariant() switch
        {
            "cpu" => DeviceKind.Cpu,
            "opencl" => DeviceKind.OpenCl,
            "cuda" => DeviceKind.Cuda,
            _ => null,
        };
        int? number = null;
        bool right = kind is not null && parts.Length <= 2;
        if (right && parts.Length == 2)
        {
            right = int.TryParse(parts[1], CultureInfo.InvariantCulture, out int n) && n >= (kind == DeviceKind.Cpu ? 1 : 0);
            number = n;
        }
        return right ? new(kind, number)
            : throw new BadArgumentException($"'{name}' is no device. Write cpu, cpu:WORKERS, opencl, opencl:NUMBER, cuda or cuda:NUMBER.");
    }
}
