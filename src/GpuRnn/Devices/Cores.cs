using System.Globalization;
using System.Runtime.InteropServices;

namespace GpuRnn.Devices;

/// <summary>
/// The cores that this process may run on, and which thread runs on which. A system that has no such calls costs speed only.
/// </summary>
static class Cores
{
    const int Most = 1024;

    /// <summary>Numbers of the allowed cores, lowest first; empty where the system does not tell.</summary>
    public static int[] Allowed()
    {
        try
        {
            string? line = File.ReadLines("/proc/self/status")
                .FirstOrDefault(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
            return line is null ? [] : [.. List(line[(line.IndexOf(':') + 1)..])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return [];
        }
    }

    /// <summary>The cores of a list as Linux writes it, such as 0-3,8.</summary>
    public static IEnumerable<int> List(string list) => list.Trim().Split(',').SelectMany(Range);

    static IEnumerable<int> Range(string range)
    {
        string[] ends = range.Split('-');
        int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
        return Enumerable.Range(first, last - first + 1);
    }

    /// <summary>The system's number of this thread; 0 where it has none.</summary>
    public static int ThisThread()
    {
        try
        {
            return OperatingSystem.IsLinux() ? gettid() : 0;
        }
        catch (EntryPointNotFoundException) // an old C library
        {
            return 0;
        }
    }

    /// <summary>The core that this thread runs on at the moment; -1 where the system does not tell. Linux only.</summary>
    public static int Current()
    {
        try
        {
            return sched_getcpu();
        }
        catch (EntryPointNotFoundException) // an old C library
        {
            return -1;
        }
    }

    /// <summary>
    /// The cores of each node of memory, as Linux counts them, below a root folder; empty where there is one, or the system does not tell.
    /// </summary>
    public static IReadOnlyList<int[]> Nodes(string root)
    {
        try
        {
            string[] folders = Directory.GetDirectories(Path.Combine(root, "sys/devices/system/node"), "node*");
            return folders.Length < 2 ? [] : [.. folders
                .Select(folder => (Number: int.Parse(Path.GetFileName(folder)[4..], CultureInfo.InvariantCulture), Folder: folder))
                .OrderBy(node => node.Number).Select(node => File.ReadAllText(Path.Combine(node.Folder, "cpulist")))
                .Where(list => list.Trim().Length > 0) // memory without cores
                .Select(list => List(list).ToArray())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return [];
        }
    }

    /// <summary>Ties a thread to cores.</summary>
    /// <param name="thread">The system's number of it.</param>
    /// <param name="cores">The cores.</param>
    public static unsafe void Pin(int thread, params ReadOnlySpan<int> cores)
    {
        ulong* mask = stackalloc ulong[Most / 64];
        new Span<ulong>(mask, Most / 64).Clear();
        foreach (int core in cores)
            if (core < Most) mask[core / 64] |= 1UL << core % 64;
        _ = sched_setaffinity(thread, Most / 8, mask); // does nothing where no core is left
    }

    [DllImport("libc")]
    static extern int gettid();

    [DllImport("libc"), SuppressGCTransition]
    static extern int sched_getcpu();

    [DllImport("libc")]
    static extern unsafe int sched_setaffinity(int thread, nint bytes, ulong* mask);
}
