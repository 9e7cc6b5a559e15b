using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Reads memory.</summary>
static class Loads
{
    sealed unsafe class Global(Places from, int[] to, bool signed) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ReadOnlySpan<ulong> column = warp.Read(from.Base, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong address = from.Address(warp, column, lane);
                Allocation memory = warp.Grid.Memory.Find(address, from.Bytes, warp, lane);
                long offset = Allocation.Offset(address);
                memory.Shadow.Read(offset, from.Bytes, warp, lane, from.Strong);
                Check(memory, offset, warp, lane);
                if (from.Strong)
                {
                    for (int i = 0; i < to.Length; i++)
                    {
                        ulong value = warp.Grid.Order.Load(warp, lane, memory, offset + i * from.Size, from.Size, from.Ordered);
                        if (to[i] >= 0) warp.Write(to[i], 1u << lane)[lane] = value;
                    }
                    continue;
                }
                for (int i = 0; i < to.Length; i++)
                    if (to[i] >= 0) warp.Write(to[i], 1u << lane)[lane] = Value(memory.Native + offset + i * from.Size, from.Size, signed);
            }
        }

        void Check(Allocation memory, long offset, Warp warp, int lane)
        {
            for (long at = offset & ~3; at < offset + from.Bytes; at += 4)
                if (*(uint*)(memory.Native + at) == GlobalMemory.Unwritten)
                    throw warp.Fault(PtxFault.Unwritten, lane, $"reads byte {at} of memory that nothing wrote");
        }
    }

    sealed unsafe class Near(Places from, int[] to, bool signed) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ReadOnlySpan<ulong> column = warp.Read(from.Base, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong address = from.Address(warp, column, lane);
                BlockMemory memory = from.Near(warp, lane, ref address);
                ReadOnlySpan<byte> bytes = memory.Read(address, from.Bytes, warp, lane);
                memory.Shadow.Read((long)address, from.Bytes, warp, lane, from.Strong);
                fixed (byte* first = bytes)
                    for (int i = 0; i < to.Length; i++)
                        if (to[i] >= 0) warp.Write(to[i], 1u << lane)[lane] = Value(first + i * from.Size, from.Size, signed);
            }
        }
    }

    sealed unsafe class Parameter(Places from, int[] to, bool signed) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            fixed (byte* all = fragment.Warp.Grid.Parameters)
                for (int i = 0; i < to.Length; i++)
                {
                    ulong value = Value(all + from.Offset + i * from.Size, from.Size, signed);
                    Span<ulong> column = fragment.Warp.Write(to[i], lanes);
                    for (int lane = 0; lane < Names.Lanes; lane++)
                        if ((lanes >> lane & 1) != 0) column[lane] = value;
                }
        }
    }

    static unsafe ulong Value(byte* from, int size, bool signed) => (size, signed) switch
    {
        (1, false) => *from,
        (1, true) => (ulong)*(sbyte*)from,
        (2, false) => *(ushort*)from,
        (2, true) => (ulong)*(short*)from,
        (4, false) => *(uint*)from,
        (4, true) => (ulong)*(int*)from,
        _ => *(ulong*)from,
    };

    public static Instruction? Decode(Statement s, Names names)
    {
        Places from = Places.Of(s, names, s.Operands[1]);
        int[] to = [.. Statement.Elements(s.Operands[0]).Select(names.Target)];
        bool signed = s.Type[0] == 's';
        return from.Space switch
        {
            "param" => new Parameter(from, to, signed),
            "global" => new Global(from, to, signed),
            _ => new Near(from, to, signed),
        };
    }
}
