using System.Numerics;
using System.Runtime.InteropServices;

namespace GpuRnn.Devices.Machines;

/// <summary>Windows: GetLogicalProcessorInformationEx.</summary>
sealed unsafe class WindowsMachine : IMachineReader
{
    const int RelationCache = 2, Instruction = 1;

    /// <summary>SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX of a cache, as far as it is read here.</summary>
    [StructLayout(LayoutKind.Explicit)]
    struct CacheEntry
    {
        [FieldOffset(0)] public int Relationship;
        [FieldOffset(4)] public uint Size;
        [FieldOffset(8)] public byte Level;
        [FieldOffset(12)] public uint CacheSize;
        [FieldOffset(16)] public int Type;
        [FieldOffset(40)] public nuint Mask;
    }

    public IReadOnlyList<Cache> Caches()
    {
        uint length = 0;
        _ = GetLogicalProcessorInformationEx(RelationCache, null, &length);
        if (length == 0) return [];
        byte[] memory = new byte[length];
        List<Cache> caches = [];
        fixed (byte* at = memory)
        {
            if (GetLogicalProcessorInformationEx(RelationCache, at, &length) == 0) return [];
            for (uint offset = 0; offset + sizeof(CacheEntry) <= length;)
            {
                CacheEntry* entry = (CacheEntry*)(at + offset);
                if (entry->Type != Instruction && (entry->Mask & 1) != 0) // of the first core
                    caches.Add(new(entry->Level, entry->CacheSize, BitOperations.PopCount(entry->Mask)));
                offset += entry->Size;
                if (entry->Size == 0) break;
            }
        }
        return [.. caches.OrderBy(c => c.Level)];
    }

    public string Name() => Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "";

    [DllImport("kernel32.dll")]
    static extern int GetLogicalProcessorInformationEx(int relation, byte* memory, uint* length);
}
