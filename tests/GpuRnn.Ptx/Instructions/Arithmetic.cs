using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Sums, products, quotients. Whole numbers wrap; floating-point ones are rounded to the nearest.</summary>
static class Arithmetic
{
    struct Add<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => a + b;
    }

    struct Subtract<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => a - b;
    }

    struct Multiply<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => a * b;
    }

    struct Divide<T> : IBinary<T, T> where T : INumber<T>
    {
        // the least number over -1 is out of range, and .NET says so
        public static T Of(T a, T b) => T.IsNegative(b) && b == -T.One ? -a : a / b;
    }

    struct Remainder<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => T.IsNegative(b) && b == -T.One ? T.Zero : a % b;
    }

    // of a number and a NaN the number
    struct Least<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => T.MinNumber(a, b);
    }

    struct Largest<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => T.MaxNumber(a, b);
    }

    struct LeastOrNaN<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => T.Min(a, b);
    }

    struct LargestOrNaN<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b) => T.Max(a, b);
    }

    struct Negate<T> : IUnary<T, T> where T : INumber<T>
    {
        public static T Of(T a) => -a;
    }

    struct Magnitude<T> : IUnary<T, T> where T : INumber<T>
    {
        public static T Of(T a) => T.IsNegative(a) ? -a : a;
    }

    struct Wide<TIn, TOut> : IBinary<TIn, TOut> where TIn : INumber<TIn> where TOut : INumber<TOut>
    {
        public static TOut Of(TIn a, TIn b) => TOut.CreateTruncating(a) * TOut.CreateTruncating(b);
    }

    struct WideAdd<TIn, TOut> : ITernary<TIn, TOut> where TIn : INumber<TIn> where TOut : INumber<TOut>
    {
        public static TOut Of(TIn a, TIn b, TOut c) => TOut.CreateTruncating(a) * TOut.CreateTruncating(b) + c;
    }

    struct High<T> : IBinary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b)
        {
            Int128 product = Int128.CreateTruncating(a) * Int128.CreateTruncating(b);
            return T.CreateTruncating(product >> 8 * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        }
    }

    struct MultiplyAdd<T> : ITernary<T, T> where T : INumber<T>
    {
        public static T Of(T a, T b, T c) => a * b + c;
    }

    struct Fused<T> : ITernary<T, T> where T : IFloatingPointIeee754<T>
    {
        public static T Of(T a, T b, T c) => T.FusedMultiplyAdd(a, b, c);
    }

    public static Instruction? Decode(Statement s, Names names) => (s.Words[0], s.Words.Length > 1 ? s.Words[1] : "") switch
    {
        ("add", _) => Types.Binary(s, names, typeof(Add<>)),
        ("sub", _) => Types.Binary(s, names, typeof(Subtract<>)),
        ("mul", "wide") => Types.Make(typeof(Binary<,,>), typeof(Wide<,>), Types.Of(s.Type), Types.Of(Doubled(s.Type)),
            names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type), names.Column(s.Operands[2], s.Type)),
        ("mul", "hi") => Types.Binary(s, names, typeof(High<>)),
        ("mul", _) => Types.Binary(s, names, typeof(Multiply<>)),
        ("mad", "wide") => Types.Make(typeof(Ternary<,,>), typeof(WideAdd<,>), Types.Of(s.Type), Types.Of(Doubled(s.Type)),
            names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type), names.Column(s.Operands[2], s.Type),
            names.Column(s.Operands[3], Doubled(s.Type))),
        ("mad", "lo") => Types.Ternary(s, names, typeof(MultiplyAdd<>)),
        ("mad" or "fma", "rn") => Types.Ternary(s, names, typeof(Fused<>)),
        ("div", "approx" or "full") => null,
        ("div", _) => Types.Binary(s, names, typeof(Divide<>)),
        ("rem", _) => Types.Binary(s, names, typeof(Remainder<>)),
        ("min", "NaN") => Types.Binary(s, names, typeof(LeastOrNaN<>)),
        ("max", "NaN") => Types.Binary(s, names, typeof(LargestOrNaN<>)),
        ("min", _) => Types.Binary(s, names, typeof(Least<>)),
        ("max", _) => Types.Binary(s, names, typeof(Largest<>)),
        ("neg", _) => Types.Unary(s, names, typeof(Negate<>)),
        ("abs", _) => Types.Unary(s, names, typeof(Magnitude<>)),
        _ => null,
    };

    static string Doubled(string type) => type switch
    {
        "s16" => "s32",
        "u16" => "u32",
        "s32" => "s64",
        "u32" => "u64",
        _ => throw new FormatException($"no product of {type} is wide"),
    };
}
