using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Comparisons, which set predicates.</summary>
static class Comparisons
{
    interface IRelation<T>
    {
        static abstract bool Of(T a, T b);
    }

    struct Equal<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => a == b;
    }

    // false for NaNs
    struct Unequal<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => a < b || a > b;
    }

    struct Less<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => a < b;
    }

    struct AtMost<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => a <= b;
    }

    struct Greater<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => a > b;
    }

    struct AtLeast<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => a >= b;
    }

    struct Ordered<T> : IRelation<T> where T : INumber<T>
    {
        public static bool Of(T a, T b) => !T.IsNaN(a) && !T.IsNaN(b);
    }

    // what holds of NaNs too
    struct Not<TRelation, T> : IRelation<T> where TRelation : struct, IRelation<T>
    {
        public static bool Of(T a, T b) => !TRelation.Of(a, b);
    }

    sealed class Compare<TRelation, T>(int to, int opposite, int a, int b, int with, Func<uint, uint, uint> combine) : Instruction
        where TRelation : struct, IRelation<T>
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ReadOnlySpan<ulong> x = warp.Read(a, lanes), y = warp.Read(b, lanes);
            uint holds = 0;
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0 && TRelation.Of(Slot.Of<T>(in x[lane]), Slot.Of<T>(in y[lane]))) holds |= 1u << lane;
            uint third = with < 0 ? 0 : warp.Predicate(with, lanes);
            if (to >= 0) warp.SetPredicate(to, lanes, combine(holds, third));
            if (opposite >= 0) warp.SetPredicate(opposite, lanes, combine(~holds, third));
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        Type type = Types.Of(s.Type);
        Type? relation = s.Words[1] switch
        {
            "eq" => typeof(Equal<>),
            "ne" => typeof(Unequal<>),
            "lt" or "lo" => typeof(Less<>),
            "le" or "ls" => typeof(AtMost<>),
            "gt" or "hi" => typeof(Greater<>),
            "ge" or "hs" => typeof(AtLeast<>),
            "num" => typeof(Ordered<>),
            "equ" => typeof(Unequal<>),
            "neu" => typeof(Equal<>),
            "ltu" => typeof(AtLeast<>),
            "leu" => typeof(Greater<>),
            "gtu" => typeof(AtMost<>),
            "geu" => typeof(Less<>),
            "nan" => typeof(Ordered<>),
            _ => null,
        };
        if (relation is null) return null;
        relation = relation.MakeGenericType(type);
        if (s.Words[1] is "equ" or "neu" or "ltu" or "leu" or "gtu" or "geu" or "nan")
            relation = typeof(Not<,>).MakeGenericType(relation, type);
        Func<uint, uint, uint> combine = s.Has("and") ? (x, y) => x & y : s.Has("or") ? (x, y) => x | y
            : s.Has("xor") ? (x, y) => x ^ y : (x, _) => x;
        bool third = s.Operands.Length > 3;
        if (third && s.Operands[3].StartsWith('!')) return null;
        string[] to = s.Operands[0].Split('|');
        return (Instruction)Activator.CreateInstance(typeof(Compare<,>).MakeGenericType(relation, type), names.Predicate(to[0]),
            to.Length > 1 ? names.Predicate(to[1]) : -1, names.Column(s.Operands[1], s.Type), names.Column(s.Operands[2], s.Type),
            third ? names.Predicate(s.Operands[3]) : -1, combine)!;
    }
}
