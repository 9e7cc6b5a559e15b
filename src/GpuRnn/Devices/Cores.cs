using System.Globalization;
namespace GpuRnn.Devices;

/// <summary>The cores that this process may run on.</summary>
static class Cores
{
    /// <summary>Numbers of the allowed cores, lowest first; empty where the system does not tell.</summary>
    public static int[] Allowed()
    {
        try
        {
            string? line = File.ReadLines("/proc/self/status")
                .FirstOrDefault(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
            return line is null ? [] : [.. line[(line.IndexOf(':') + 1)..].Trim().Split(',').SelectMany(Range)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return [];
        }
    }

    static IEnumerable<int> Range(string range)
    {
        string[] ends = range.Split('-');
        int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
        return Enumerable.Range(first, last - first + 1);
    }
}
