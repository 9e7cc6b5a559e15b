using System.Runtime.InteropServices;
using System.Text;

namespace GpuRnn.Devices.Machines;

/// <summary>macOS: sysctl. Its first performance level is that of the fast cores.</summary>
sealed unsafe class MacMachine : IMachineReader
{
    public IReadOnlyList<Cache> Caches()
    {
        long first = Number("hw.perflevel0.l1dcachesize", "hw.l1dcachesize");
        long second = Number("hw.perflevel0.l2cachesize", "hw.l2cachesize");
        int sharing = (int)Math.Max(1, Number("hw.perflevel0.cpusperl2", "hw.cpusperl2"));
        List<Cache> caches = [];
        if (first > 0) caches.Add(new(1, first, 1));
        if (second > 0) caches.Add(new(2, second, sharing));
        if (Number("hw.l3cachesize") is > 0 and long third) caches.Add(new(3, third, Environment.ProcessorCount));
        return caches;
    }

    public string Name()
    {
        byte* text = stackalloc byte[256];
        nint length = 256;
        return sysctlbyname("machdep.cpu.brand_string", text, &length, 0, 0) == 0 && length > 1
            ? Encoding.UTF8.GetString(text, (int)length - 1) : "";
    }

    /// <summary>The first of these that there is; 0 if none.</summary>
    static long Number(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            long value = 0;
            nint length = sizeof(long);
            if (sysctlbyname(name, &value, &length, 0, 0) == 0 && value > 0) return value;
        }
        return 0;
    }

    [DllImport("libSystem.dylib", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    static extern int sysctlbyname(string name, void* value, nint* length, nint to, nint toLength);
}
