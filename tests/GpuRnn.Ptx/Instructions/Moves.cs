using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Bits that go from one register to another, whole, parted, or joined.</summary>
static class Moves
{
    sealed class Move(int to, int from) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            ReadOnlySpan<ulong> x = fragment.Warp.Read(from, lanes);
            Span<ulong> y = fragment.Warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0) y[lane] = x[lane];
        }
    }

    sealed class ReadClock(int to) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Span<ulong> y = fragment.Warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0) y[lane] = (ulong)fragment.Warp.Grid.Nanoseconds;
        }
    }

    sealed class MovePredicate(int to, int from) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes) =>
            fragment.Warp.SetPredicate(to, lanes, fragment.Warp.Predicate(from, lanes));
    }

    /// <summary>A number: 0 is false.</summary>
    sealed class FixPredicate(int to, bool value) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes) => fragment.Warp.SetPredicate(to, lanes, value ? uint.MaxValue : 0);
    }

    sealed class Join(int to, int[] from, int bits) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            foreach (int part in from) fragment.Warp.Read(part, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong joined = 0;
                for (int i = 0; i < from.Length; i++)
                    joined |= (fragment.Warp.Read(from[i], 1u << lane)[lane] & (1UL << bits) - 1) << bits * i;
                fragment.Warp.Write(to, 1u << lane)[lane] = joined;
            }
        }
    }

    sealed class Split(int[] to, int from, int bits) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            ulong[] x = [.. fragment.Warp.Read(from, lanes)];
            for (int i = 0; i < to.Length; i++)
            {
                if (to[i] < 0) continue;
                Span<ulong> part = fragment.Warp.Write(to[i], lanes);
                for (int lane = 0; lane < Names.Lanes; lane++)
                    if ((lanes >> lane & 1) != 0) part[lane] = x[lane] >> bits * i & (1UL << bits) - 1;
            }
        }
    }

    sealed class Select(int to, int a, int b, int predicate) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            uint first = fragment.Warp.Predicate(predicate, lanes);
            ReadOnlySpan<ulong> x = fragment.Warp.Read(a, lanes), y = fragment.Warp.Read(b, lanes);
            Span<ulong> z = fragment.Warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0) z[lane] = (first >> lane & 1) != 0 ? x[lane] : y[lane];
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        string[] o = s.Operands;
        if (s.Words[0] == "selp")
            return new Select(names.Target(o[0]), names.Column(o[1], s.Type), names.Column(o[2], s.Type), names.Predicate(o[3]));
        if (s.Type == "pred")
            return Immediate.Bits(o[1], "b32") is { } bits ? new FixPredicate(names.Predicate(o[0]), bits != 0)
                : new MovePredicate(names.Predicate(o[0]), names.Predicate(o[1]));
        // global memory has the same addresses for everybody
        if (s.Words[0] == "cvta" && !s.Has("global")) return null;
        if (o[1].StartsWith('{'))
        {
            string[] parts = Statement.Elements(o[1]);
            int bits = 8 * Types.Size(s.Type) / parts.Length;
            return new Join(names.Target(o[0]), [.. parts.Select(p => names.Column(p, $"b{bits}"))], bits);
        }
        if (o[0].StartsWith('{'))
        {
            string[] parts = Statement.Elements(o[0]);
            return new Split([.. parts.Select(names.Target)], names.Column(o[1], s.Type), 8 * Types.Size(s.Type) / parts.Length);
        }
        return o[1] == "%globaltimer" ? new ReadClock(names.Target(o[0])) : new Move(names.Target(o[0]), names.Column(o[1], s.Type));
    }
}
