using GpuRnn.Ptx.Machine;

namespace GpuRnn.Ptx.Memory;

/// <summary>Memory of a block, or of a thread: full of nonsense until it is written.</summary>
sealed class BlockMemory
{
    readonly byte[] bytes;
    readonly bool[] written;

    public BlockMemory(int size)
    {
        bytes = GC.AllocateArray<byte>(size, pinned: true);
        written = new bool[size];
        Shadow = new(size);
        Array.Fill(bytes, (byte)0xCD);
    }

    /// <summary>How many bytes.</summary>
    public int Size => bytes.Length;

    /// <summary>Who touched what.</summary>
    public Shadow Shadow { get; }

    /// <summary>Some bytes of it, to read.</summary>
    public ReadOnlySpan<byte> Read(ulong address, int count, Warp warp, int lane)
    {
        Check(address, count, warp, lane);
        if (written.AsSpan((int)address, count).Contains(false) && warp.Grid.Shape.SeesRaces)
            throw warp.Fault(PtxFault.Unwritten, lane, $"byte {address} of {Size} was never written");
        return bytes.AsSpan((int)address, count);
    }

    /// <summary>Some bytes of it, to write.</summary>
    public Span<byte> Write(ulong address, int count, Warp warp, int lane)
    {
        Check(address, count, warp, lane);
        written.AsSpan((int)address, count).Fill(true);
        return bytes.AsSpan((int)address, count);
    }

    /// <summary>Some bytes of it hold nothing any more.</summary>
    public void Forget(ulong address, int count, Warp warp, int lane)
    {
        Check(address, count, warp, lane);
        written.AsSpan((int)address, count).Clear();
    }

    void Check(ulong address, int count, Warp warp, int lane)
    {
        if (address + (ulong)count > (ulong)Size || address > (ulong)Size)
            throw warp.Fault(PtxFault.Bounds, lane, $"{count} bytes at {(long)address}, of {Size}");
    }
}
