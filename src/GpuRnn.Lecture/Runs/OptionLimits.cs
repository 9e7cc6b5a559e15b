namespace GpuRnn.Lecture.Runs;

/// <summary>Numbers that options take. What is out of range is told with the whole range, whichever end it is beyond.</summary>
public static class OptionLimits
{
    /// <summary>Numbers of items, steps and places that fit any array, several times over.</summary>
    public const int Many = 1 << 24;

    /// <summary>A whole number.</summary>
    /// <exception cref="GpuRnnException">It is out of range.</exception>
    public static int Whole(int value, string option, int least, int most) => value >= least && value <= most ? value
        : throw new GpuRnnException($"{option} is {value}; it must be a whole number from {least} to {most}.");

    /// <summary>A number from least to most.</summary>
    /// <exception cref="GpuRnnException">It is out of range, or none.</exception>
    public static double Number(double value, string option, double least, double most) => value >= least && value <= most ? value
        : throw new GpuRnnException($"{option} is {value}; it must be from {least} to {most}.");

    /// <summary>A number above 0.</summary>
    /// <exception cref="GpuRnnException">It is out of range, or none.</exception>
    public static double Above0(double value, string option, double most) => value > 0 && value <= most ? value
        : throw new GpuRnnException($"{option} is {value}; it must be above 0 and at most {most}.");

    /// <summary>A share that is not all.</summary>
    /// <exception cref="GpuRnnException">It is out of range, or none.</exception>
    public static double Share(double value, string option) => value >= 0 && value < 1 ? value
        : throw new GpuRnnException($"{option} is {value}; it must be from 0 to below 1.");

    /// <summary>
    /// Memory for what is asked for, estimated from below: a system may promise more than it has, and end the process that uses it.
    /// </summary>
    /// <exception cref="GpuRnnException">There is less.</exception>
    public static void Memory(Device device, double bytes, string what)
    {
        long there = Math.Min(device.Accelerator.MemorySize, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (bytes > there) throw new GpuRnnException($"{what} needs about {bytes / 1e9:F1} GB; {device.Name} has {there / 1e9:F1}.");
    }
}
