using GpuRnn.Devices;

namespace GpuRnn.Bench.Benchmarks;

/// <summary>What benchmarks run on: every device of this machine, the CPU first.</summary>
static class MachineDevices
{
    public static IEnumerable<string> Ids { get; } = [.. DeviceInfo.All().Select(info => info.Id).Reverse()];

    /// <summary>Numbers from -1 to 1, the same each time.</summary>
    public static float[] Numbers(int length)
    {
        Random random = new(1);
        float[] numbers = new float[length];
        foreach (ref float number in numbers.AsSpan()) number = 2 * random.NextSingle() - 1;
        return numbers;
    }
}
