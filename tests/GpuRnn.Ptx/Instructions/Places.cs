using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Where a load reads and a store writes.</summary>
/// <param name="Space">global, shared, local or param.</param>
/// <param name="Base">The column of the address.</param>
/// <param name="Offset">What is added to it.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Count">Elements.</param>
sealed record Places(string Space, int Base, int Offset, int Size, int Count)
{
    /// <summary>Bytes in all.</summary>
    public int Bytes => Size * Count;

    public static Places Of(Statement s, Names names, string address)
    {
        string[] spaces = ["global", "shared", "local", "param"];
        string space = Array.Find(spaces, s.Has) ?? throw new FormatException("memory of any kind by one address is not known");
        (string name, int offset) = names.Address(address);
        int count = s.Has("v4") ? 4 : s.Has("v2") ? 2 : 1;
        return space == "param" ? new(space, 0, names.Parameter(name).Offset + offset, Types.Size(s.Type), count)
            : new(space, names.Column(name, "b64"), offset, Types.Size(s.Type), count);
    }

    /// <summary>The address of a lane.</summary>
    public ulong Address(Warp warp, ReadOnlySpan<ulong> column, int lane)
    {
        ulong address = unchecked(column[lane] + (ulong)Offset);
        if ((address & (ulong)(Bytes - 1)) != 0)
            throw warp.Fault(PtxFault.Alignment, lane, $"address 0x{address:x} is no multiple of {Bytes}");
        return address;
    }

    /// <summary>The memory of its space that a lane has.</summary>
    public BlockMemory Near(Warp warp, int lane) => Space == "shared" ? warp.Block.Shared : warp.Local[lane];
}
