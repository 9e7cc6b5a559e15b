using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>mbarrier: waiting for arrivals and for bytes, in shared memory of the block or of its cluster.</summary>
static class MemoryBarriers
{
    const int Size = 8;

    abstract class OnBarrier(Places place) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ulong[] addresses = [.. warp.Read(place.Base, lanes)];
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong address = place.Address(warp, addresses, lane);
                Block block = warp.Block.OfCluster(address, warp, lane, out int offset);
                Run(warp, lane, block, offset);
            }
        }

        protected abstract void Run(Warp warp, int lane, Block block, int offset);
    }

    sealed class Initialize(Places place, int count) : OnBarrier(place)
    {
        protected override void Run(Warp warp, int lane, Block block, int offset)
        {
            block.Shared.Write((ulong)offset, Size, warp, lane).Clear();
            block.Shared.Shadow.Write(offset, Size, warp, lane);
            block.MemoryBarriers[offset] = new((int)(uint)warp.Read(count, 1u << lane)[lane]);
        }
    }

    // what is done to one is strong: only its making is not
    static MemoryBarrier At(Warp warp, int lane, Block block, int offset)
    {
        block.Shared.Shadow.Read(offset, Size, warp, lane, strong: true);
        return block.MemoryBarriers.TryGetValue(offset, out MemoryBarrier? barrier) ? barrier
            : throw warp.Fault(PtxFault.Unwritten, lane, $"waits for or arrives at {offset}, where no mbarrier was made");
    }

    sealed class Arrive(Places place, int announced, bool arrives) : OnBarrier(place)
    {
        protected override void Run(Warp warp, int lane, Block block, int offset)
        {
            MemoryBarrier barrier = At(warp, lane, block, offset);
            long bytes = announced < 0 ? 0 : (uint)warp.Read(announced, 1u << lane)[lane];
            if (!arrives) barrier.Announce(bytes);
            else if (!barrier.Arrive(bytes, warp.Block.Tell(warp.Thread(lane))))
                throw warp.Fault(PtxFault.Deadlock, lane, $"arrives once too often at the mbarrier at {offset}");
        }
    }

    /// <summary>Has the phase of a parity ended? A GPU may say no for a while; so does this.</summary>
    sealed class TryWait(int predicate, Places place, int parity) : OnBarrier(place)
    {
        protected override void Run(Warp warp, int lane, Block block, int offset)
        {
            MemoryBarrier barrier = At(warp, lane, block, offset);
            bool over = ((uint)barrier.Phase & 1) != ((uint)warp.Read(parity, 1u << lane)[lane] & 1) && !warp.Grid.IsLate();
            if (over && barrier.Known is { } known) warp.Block.Learn(warp.Thread(lane), known);
            warp.SetPredicate(predicate, 1u << lane, over ? uint.MaxValue : 0);
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        string[] o = s.Operands;
        return s.Words[1] switch
        {
            "init" => new Initialize(Place(o[0]), names.Column(o[1], "u32")),
            "arrive" when o[0] == "_" => new Arrive(Place(o[1]), s.Has("expect_tx") ? names.Column(o[2], "u32") : -1, true),
            "expect_tx" => new Arrive(Place(o[0]), names.Column(o[1], "u32"), false),
            "try_wait" or "test_wait" when s.Has("parity") =>
                new TryWait(names.Predicate(o[0]), Place(o[1]), names.Column(o[2], "u32")),
            _ => null,
        };

        Places Place(string operand) => Places.Of(names, "shared", operand, Size, 1);
    }
}
