using System.Runtime.CompilerServices;
using GpuRnn.Ptx.Machine;
using ILGPU.Runtime;

namespace GpuRnn.Ptx.Memory;

/// <summary>Everything that is allocated on the device.</summary>
sealed unsafe class GlobalMemory
{
    /// <summary>A word that is written to memory that is new: none that arithmetic makes, for it is a NaN with a mark.</summary>
    public const uint Unwritten = 0xFFA5_5A77;

    readonly ConditionalWeakTable<MemoryBuffer, Allocation> known = [];
    readonly List<WeakReference<Allocation>?> all = [null];
    // most accesses are to the memory of the one before
    Allocation? last;
    readonly Lock one = new();

    /// <summary>The address of a byte of a buffer.</summary>
    public ulong AddressOf(MemoryBuffer buffer, long offset)
    {
        lock (one)
        {
            if (!known.TryGetValue(buffer, out Allocation? allocation))
            {
                allocation = new(all.Count, (byte*)buffer.NativePtr, buffer.LengthInBytes);
                all.Add(new(allocation));
                known.Add(buffer, allocation);
            }
            return allocation.Address + (ulong)offset;
        }
    }

    /// <summary>The allocation of an address, for so many bytes.</summary>
    /// <exception cref="PtxFaultException">There is none, or it ends before.</exception>
    public Allocation Find(ulong address, int bytes, Warp warp, int lane)
    {
        int number = Allocation.NumberOf(address);
        long offset = Allocation.Offset(address);
        if (last is { } again && again.Number == number && offset + bytes <= again.Bytes) return again;
        if (number <= 0 || number >= all.Count || !all[number]!.TryGetTarget(out Allocation? allocation))
            throw warp.Fault(PtxFault.Bounds, lane, $"address 0x{address:x} belongs to no memory of the device");
        if (offset + bytes > allocation.Bytes)
            throw warp.Fault(PtxFault.Bounds, lane, offset > 1L << 39
                ? $"{(1L << 40) - offset} bytes before memory {number + 1}"
                : $"{bytes} bytes at {offset} of memory {number}, which has {allocation.Bytes}");
        return last = allocation;
    }

    /// <summary>Memory that was freed is not kept.</summary>
    public void Forget() => last = null;
}
