using System.Globalization;

namespace GpuRnn.Devices.Machines;

/// <summary>Linux: sysfs, and /proc/cpuinfo for the name.</summary>
/// <param name="root">The folder that both lie in.</param>
sealed class LinuxMachine(string root) : IMachineReader
{
    public IReadOnlyList<Cache> Caches()
    {
        List<Cache> caches = [];
        try
        {
            foreach (string folder in Directory.GetDirectories(Path.Combine(root, "sys/devices/system/cpu/cpu0/cache"), "index*").Order())
            {
                string Line(string name) => File.ReadAllText(Path.Combine(folder, name)).Trim();
                if (Line("type") is not ("Data" or "Unified")) continue;
                caches.Add(new(int.Parse(Line("level"), CultureInfo.InvariantCulture), Size(Line("size")),
                    Cores.List(Line("shared_cpu_list")).Count()));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return []; // a container without sysfs
        }
        return caches;
    }

    static long Size(string text) => text[^1] switch
    {
        'K' => Number(text[..^1]) << 10,
        'M' => Number(text[..^1]) << 20,
        _ => Number(text),
    };

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    public string Name()
    {
        try
        {
            string? line = File.ReadLines(Path.Combine(root, "proc/cpuinfo"))
                .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? "" : line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
