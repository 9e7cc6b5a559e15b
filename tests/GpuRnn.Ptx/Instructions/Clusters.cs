using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>What blocks of a cluster do together: addresses of each other, a barrier, messages.</summary>
static class Clusters
{
    /// <summary>The address that another block's shared memory has for this one.</summary>
    sealed class Map(int to, int address, int rank) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ulong[] own = [.. warp.Read(address, lanes)], ranks = [.. warp.Read(rank, lanes)];
            Span<ulong> column = warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                if ((uint)ranks[lane] >= (uint)warp.Grid.Shape.Cluster) throw warp.Fault(PtxFault.Bounds, lane,
                    $"asks for block {(uint)ranks[lane]} of a cluster of {warp.Grid.Shape.Cluster}");
                column[lane] = Block.ClusterAddress((int)(uint)ranks[lane], (uint)own[lane]);
            }
        }
    }

    sealed class Arrive(bool release) : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes) => fragment.Warp.Block.Cluster.Arrive(fragment, lanes, release);
    }

    sealed class Wait : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes) => fragment.Warp.Block.Cluster.Wait(fragment, lanes);
    }

    /// <summary>Numbers on their way to shared memory of the cluster; their bytes are told to an mbarrier that is there too.</summary>
    sealed class Send(Places to, int[] from, Places barrier) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ulong[] addresses = [.. warp.Read(to.Base, lanes)], barriers = [.. warp.Read(barrier.Base, lanes)];
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                Block block = warp.Block.OfCluster(to.Address(warp, addresses, lane), warp, lane, out int offset);
                Block other = warp.Block.OfCluster(barrier.Address(warp, barriers, lane), warp, lane, out int at);
                if (other != block) throw warp.Fault(PtxFault.Bounds, lane, "sends to one block and tells an mbarrier of another");
                ulong[] values = new ulong[from.Length];
                for (int i = 0; i < from.Length; i++) values[i] = warp.Read(from[i], 1u << lane)[lane];
                warp.Grid.Send(new Message(warp, lane, block, offset, at, values, to.Size));
            }
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        string[] o = s.Operands;
        if (s.Words[0] == "mapa") return s.Type == "u32" && s.Has("shared::cluster")
            ? new Map(names.Target(o[0]), names.Column(o[1], "u32"), names.Column(o[2], "u32")) : null;
        if (s.Words[0] == "st")
        {
            string[] from = Statement.Elements(o[1]);
            if (!s.Has("shared::cluster") || !s.Has("mbarrier::complete_tx::bytes")) return null;
            return new Send(Places.Of(names, "shared", o[0], Types.Size(s.Type), from.Length),
                [.. from.Select(f => names.Column(f, s.Type))], Places.Of(names, "shared", o[2], 8, 1));
        }
        return s.Has("arrive") ? new Arrive(!s.Has("relaxed")) : s.Has("wait") ? new Wait() : null;
    }
}
