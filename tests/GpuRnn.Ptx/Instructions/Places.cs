using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Where an instruction reads or writes.</summary>
/// <param name="Space">global, shared, local or param.</param>
/// <param name="Base">The column of the address.</param>
/// <param name="Offset">What is added to it.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Count">Elements.</param>
/// <param name="Mask">Bits of the address that the register has.</param>
sealed record Places(string Space, int Base, int Offset, int Size, int Count, ulong Mask)
{
    static readonly string[] s_spaces = ["global", "shared", "shared::cta", "shared::cluster", "local", "param"];

    /// <summary>Bytes in all.</summary>
    public int Bytes => Size * Count;

    /// <summary>By an instruction that is made for memory that others touch at the same time?</summary>
    public bool Strong { get; private init; }

    /// <summary>Is it ordered among what its thread does to other memory: an acquire or a release?</summary>
    public bool Ordered { get; private init; }

    /// <summary>The places of a load, a store or an atomic.</summary>
    public static Places Of(Statement s, Names names, string operand)
    {
        string space = Array.Find(s_spaces, s.Has) ?? throw new FormatException("memory of any kind by one address is not known");
        int count = s.Has("v4") ? 4 : s.Has("v2") ? 2 : 1;
        bool ordered = s.Has("acquire") || s.Has("release"), strong = ordered || s.Has("relaxed") || s.Has("volatile");
        if (strong && space == "global" && s.Has("cta")) throw new FormatException("strong accesses of a block alone are not known");
        return Of(names, space.Split(':')[0], operand, Types.Size(s.Type), count) with { Strong = strong, Ordered = ordered };
    }

    /// <summary>So many elements at [address + offset].</summary>
    public static Places Of(Names names, string space, string operand, int size, int count)
    {
        (string name, int offset) = names.Address(operand);
        return space == "param" ? new(space, 0, names.Parameter(name).Offset + offset, size, count, 0)
            : new(space, names.Column(name, "b64"), offset, size, count, names.IsNarrow(name) ? uint.MaxValue : ulong.MaxValue);
    }

    /// <summary>The address of a lane.</summary>
    public ulong Address(Warp warp, ReadOnlySpan<ulong> column, int lane)
    {
        ulong address = unchecked((column[lane] & Mask) + (ulong)Offset) & Mask;
        if ((address & (ulong)(Bytes - 1)) != 0)
            throw warp.Fault(PtxFault.Alignment, lane, $"address 0x{address:x} is no multiple of {Bytes}");
        return address;
    }

    /// <summary>The memory, of a block or of the lane, that an address is in, and where in it.</summary>
    public BlockMemory Near(Warp warp, int lane, ref ulong address)
    {
        if (Space == "local") return warp.Local[lane];
        BlockMemory memory = warp.Block.OfCluster(address, warp, lane, out int offset).Shared;
        address = (ulong)offset;
        return memory;
    }
}
