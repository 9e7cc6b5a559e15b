using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Threads of a block that wait for each other, and the order of what they do to memory.</summary>
static class Barriers
{
    sealed class Barrier(int number, int expected, bool waits, bool aligned) : Instruction
    {
        public override bool IsAligned => aligned;

        public override void Run(Fragment fragment, uint lanes)
        {
            if (aligned && lanes != fragment.Lanes) throw fragment.Warp.Fault(PtxFault.Divergence,
                BitOperations.TrailingZeroCount(fragment.Lanes & ~lanes), "does not come to a barrier that its warp comes to");
            Warp warp = fragment.Warp;
            warp.Block.Arrive(fragment, lanes, Value(warp, number, lanes), expected < 0 ? 0 : Value(warp, expected, lanes), waits);
        }

        static int Value(Warp warp, int column, uint lanes) =>
            (int)warp.Read(column, lanes)[BitOperations.TrailingZeroCount(lanes)];
    }

    /// <summary>What a thread did to memory before is seen before what it does next.</summary>
    sealed class Fence : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            for (uint left = lanes; left != 0; left &= left - 1)
                fragment.Warp.Grid.Order.Fence(fragment.Warp, BitOperations.TrailingZeroCount(left));
        }
    }

    /// <summary>Within a block everything is in order.</summary>
    sealed class NearFence : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        if (s.Words[0] is "membar" or "fence") return s.Has("proxy") ? null
            : s.Words[^1] is "cta" ? new NearFence() : new Fence();
        if (s.Has("warp")) return Shuffles.Decode(s, names);
        if (s.Has("cluster")) return Clusters.Decode(s, names);
        if (s.Has("red") || s.Operands.Length == 0) return null;
        return new Barrier(names.Column(s.Operands[0], "u32"), s.Operands.Length > 1 ? names.Column(s.Operands[1], "u32") : -1,
            s.Has("sync"), s.Words[0] == "bar" || s.Has("aligned"));
    }
}
