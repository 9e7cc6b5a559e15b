using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>What lanes of a warp tell each other: registers, votes.</summary>
static class Shuffles
{
    sealed class Shuffle(string mode, int to, int arrived, int from, int by, int clamp) : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ulong[] values = [.. warp.Read(from, lanes)];
            ReadOnlySpan<ulong> amounts = warp.Read(by, lanes), clamps = warp.Read(clamp, lanes);
            Span<int> sources = stackalloc int[Names.Lanes];
            uint inside = 0;
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                int amount = (int)(uint)amounts[lane] & 31;
                int limit = (int)(uint)clamps[lane] & 31, segment = (int)(uint)clamps[lane] >> 8 & 31;
                int most = lane & segment | limit & ~segment, least = lane & segment;
                int source = mode switch
                {
                    "up" => lane - amount,
                    "down" => lane + amount,
                    "bfly" => lane ^ amount,
                    _ => least | amount & ~segment,
                };
                bool there = mode == "up" ? source >= most : source <= most;
                if (there) inside |= 1u << lane;
                else source = lane;
                if ((lanes >> lane & 1) != 0 && (lanes >> source & 1) == 0)
                    throw warp.Fault(PtxFault.Divergence, lane, $"asks lane {source}, which has left");
                sources[lane] = source;
            }
            Span<ulong> column = warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0) column[lane] = values[sources[lane]];
            if (arrived >= 0) warp.SetPredicate(arrived, lanes, inside);
        }
    }

    sealed class Vote(string mode, int to, int predicate, bool negated) : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            uint votes = (negated ? ~warp.Predicate(predicate, lanes) : warp.Predicate(predicate, lanes)) & lanes;
            if (mode == "ballot") warp.Write(to, lanes).Fill(votes);
            else warp.SetPredicate(to, lanes, mode switch
            {
                "all" => votes == lanes ? lanes : 0,
                "any" => votes != 0 ? lanes : 0,
                _ => votes == lanes || votes == 0 ? lanes : 0,
            });
        }
    }

    sealed class WarpBarrier : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes) => fragment.Warp.Block.Meet([(fragment.Warp, lanes)]);
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        if (s.Words[0] == "bar") return IsAll(s.Operands[0]) ? new WarpBarrier() : null;
        // those of part of a warp would wait for part of a warp
        if (!s.Has("sync") || !IsAll(s.Operands[^1])) return null;
        if (s.Words[0] == "vote")
        {
            bool negated = s.Operands[1].StartsWith('!');
            int predicate = names.Predicate(s.Operands[1].TrimStart('!'));
            int votes = s.Words[2] == "ballot" ? names.Target(s.Operands[0]) : names.Predicate(s.Operands[0]);
            return new Vote(s.Words[2], votes, predicate, negated);
        }
        string[] to = s.Operands[0].Split('|');
        return new Shuffle(s.Words[2], names.Target(to[0]), to.Length > 1 ? names.Predicate(to[1]) : -1, names.Column(s.Operands[1], "b32"),
            names.Column(s.Operands[2], "b32"), names.Column(s.Operands[3], "b32"));
    }

    static bool IsAll(string mask) => Immediate.Bits(mask, "b32") is { } bits && (uint)bits == uint.MaxValue;
}
