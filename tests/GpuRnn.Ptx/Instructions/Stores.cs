using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Writes memory.</summary>
static class Stores
{
    sealed unsafe class Store(Places to, int[] from) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ReadOnlySpan<ulong> column = warp.Read(to.Base, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong address = to.Address(warp, column, lane);
                byte* place;
                if (to.Space == "global")
                {
                    Allocation memory = warp.Grid.Memory.Find(address, to.Bytes, warp, lane);
                    memory.Shadow.Write(Allocation.Offset(address), to.Bytes, warp, lane, to.Strong);
                    if (to.Strong)
                    {
                        for (int i = 0; i < from.Length; i++)
                            warp.Grid.Order.Store(warp, lane, memory, Allocation.Offset(address) + i * to.Size, to.Size,
                                warp.Read(from[i], 1u << lane)[lane], to.Ordered);
                        continue;
                    }
                    place = memory.Native + Allocation.Offset(address);
                }
                else
                {
                    BlockMemory memory = to.Near(warp, lane, ref address);
                    // its bytes do not move
                    fixed (byte* first = memory.Write(address, to.Bytes, warp, lane)) place = first;
                    memory.Shadow.Write((long)address, to.Bytes, warp, lane, to.Strong);
                }
                for (int i = 0; i < from.Length; i++) Put(place + i * to.Size, to.Size, warp.Read(from[i], 1u << lane)[lane]);
            }
        }
    }

    static unsafe void Put(byte* to, int size, ulong value)
    {
        if (size == 1) *to = (byte)value;
        else if (size == 2) *(ushort*)to = (ushort)value;
        else if (size == 4) *(uint*)to = (uint)value;
        else *(ulong*)to = value;
    }

    public static Instruction? Decode(Statement s, Names names) => s.Has("async") ? Clusters.Decode(s, names) : new Store(
        Places.Of(s, names, s.Operands[0]), [.. Statement.Elements(s.Operands[1]).Select(e => names.Column(e, s.Type))]);
}
