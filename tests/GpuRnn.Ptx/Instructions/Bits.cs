using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Bits of numbers and of predicates.</summary>
static class Bits
{
    struct And<T> : IBinary<T, T> where T : IBinaryInteger<T>
    {
        public static T Of(T a, T b) => a & b;
    }

    struct Or<T> : IBinary<T, T> where T : IBinaryInteger<T>
    {
        public static T Of(T a, T b) => a | b;
    }

    struct Xor<T> : IBinary<T, T> where T : IBinaryInteger<T>
    {
        public static T Of(T a, T b) => a ^ b;
    }

    struct Not<T> : IUnary<T, T> where T : IBinaryInteger<T>
    {
        public static T Of(T a) => ~a;
    }

    // what is shifted by more than there are bits is gone, where .NET takes the rest of the division
    struct Left<T> : IBinary<T, T> where T : IBinaryInteger<T>
    {
        public static T Of(T a, T b)
        {
            uint by = uint.CreateTruncating(b);
            return by >= 8 * System.Runtime.CompilerServices.Unsafe.SizeOf<T>() ? T.Zero : a << (int)by;
        }
    }

    struct Right<T> : IBinary<T, T> where T : IBinaryInteger<T>
    {
        public static T Of(T a, T b)
        {
            int bits = 8 * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
            uint by = uint.CreateTruncating(b);
            return by < bits ? a >> (int)by : T.IsNegative(a) ? -T.One : T.Zero;
        }
    }

    struct Ones<T> : IUnary<T, uint> where T : IBinaryInteger<T>
    {
        public static uint Of(T a) => uint.CreateTruncating(T.PopCount(a));
    }

    struct Leading<T> : IUnary<T, uint> where T : IBinaryInteger<T>
    {
        public static uint Of(T a) => uint.CreateTruncating(T.LeadingZeroCount(a));
    }

    /// <summary>The same of predicates.</summary>
    sealed class Logic(int to, int a, int b, Func<uint, uint, uint> function) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            warp.SetPredicate(to, lanes, function(warp.Predicate(a, lanes), warp.Predicate(b, lanes)));
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        string what = s.Words[0];
        if (s.Type == "pred")
        {
            int to = names.Predicate(s.Operands[0]), a = names.Predicate(s.Operands[1]);
            return what switch
            {
                "and" => new Logic(to, a, names.Predicate(s.Operands[2]), (x, y) => x & y),
                "or" => new Logic(to, a, names.Predicate(s.Operands[2]), (x, y) => x | y),
                "xor" => new Logic(to, a, names.Predicate(s.Operands[2]), (x, y) => x ^ y),
                "not" => new Logic(to, a, a, (x, _) => ~x),
                _ => null,
            };
        }
        return what switch
        {
            "and" => Types.Binary(s, names, typeof(And<>)),
            "or" => Types.Binary(s, names, typeof(Or<>)),
            "xor" => Types.Binary(s, names, typeof(Xor<>)),
            "not" => Types.Unary(s, names, typeof(Not<>)),
            "shl" => Shift(s, names, typeof(Left<>)),
            "shr" => Shift(s, names, typeof(Right<>)),
            "popc" => Count(s, names, typeof(Ones<>)),
            "clz" => Count(s, names, typeof(Leading<>)),
            _ => null,
        };
    }

    // the amount is a 32-bit number, whatever is shifted
    static Instruction Shift(Statement s, Names names, Type function)
    {
        Type type = Types.Of(s.Type);
        return (Instruction)Activator.CreateInstance(typeof(Shifted<,>).MakeGenericType(function.MakeGenericType(type), type),
            names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type), names.Column(s.Operands[2], "u32"))!;
    }

    static Instruction Count(Statement s, Names names, Type function) => Types.Make(typeof(Unary<,,>), function, Types.Of(s.Type),
        typeof(uint), names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type));

    sealed class Shifted<TOp, T>(int to, int a, int b) : Instruction where TOp : struct, IBinary<T, T> where T : IBinaryInteger<T>
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            ReadOnlySpan<ulong> x = fragment.Warp.Read(a, lanes), by = fragment.Warp.Read(b, lanes);
            Span<ulong> y = fragment.Warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0)
                    Slot.As<T>(ref y[lane]) = TOp.Of(Slot.Of<T>(in x[lane]), T.CreateSaturating(Math.Min(Slot.Of<uint>(in by[lane]), 64)));
        }
    }
}
