using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>A number of one type as one of another. Whole numbers are cut, rounded ones kept to the range.</summary>
static class Conversions
{
    struct Cut<TIn, TOut> : IUnary<TIn, TOut> where TIn : IBinaryInteger<TIn> where TOut : IBinaryInteger<TOut>
    {
        public static TOut Of(TIn a) => TOut.CreateTruncating(a);
    }

    struct ToFloating<TIn, TOut> : IUnary<TIn, TOut> where TIn : INumber<TIn> where TOut : IFloatingPoint<TOut>
    {
        public static TOut Of(TIn a) => TOut.CreateTruncating(a);
    }

    interface IRounding
    {
        static abstract T Of<T>(T a) where T : IFloatingPoint<T>;
    }

    struct Down : IRounding
    {
        public static T Of<T>(T a) where T : IFloatingPoint<T> => T.Floor(a);
    }

    struct Up : IRounding
    {
        public static T Of<T>(T a) where T : IFloatingPoint<T> => T.Ceiling(a);
    }

    struct Nearest : IRounding
    {
        public static T Of<T>(T a) where T : IFloatingPoint<T> => T.Round(a, MidpointRounding.ToEven);
    }

    struct Inwards : IRounding
    {
        public static T Of<T>(T a) where T : IFloatingPoint<T> => T.Truncate(a);
    }

    struct ToWhole<TRounding, TIn, TOut> : IUnary<TIn, TOut> where TRounding : struct, IRounding where TIn : IFloatingPoint<TIn>
        where TOut : IBinaryInteger<TOut>
    {
        public static TOut Of(TIn a) => TIn.IsNaN(a) ? TOut.Zero : TOut.CreateSaturating(TRounding.Of(a));
    }

    struct Whole<TRounding, TIn, TOut> : IUnary<TIn, TIn> where TRounding : struct, IRounding where TIn : IFloatingPoint<TIn>
    {
        public static TIn Of(TIn a) => TRounding.Of(a);
    }

    struct ToBrain : IUnary<float, ushort>
    {
        public static ushort Of(float a)
        {
            uint bits = BitConverter.SingleToUInt32Bits(a);
            return float.IsNaN(a) ? (ushort)0x7FFF : (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
        }
    }

    struct FromBrain : IUnary<ushort, float>
    {
        public static float Of(ushort a) => BitConverter.UInt32BitsToSingle((uint)a << 16);
    }

    struct ToHalf : IUnary<float, ushort>
    {
        public static ushort Of(float a) => float.IsNaN(a) ? (ushort)0x7FFF : BitConverter.HalfToUInt16Bits((Half)a);
    }

    // the first is the upper half
    struct Pair<TOne> : IBinary<float, uint> where TOne : struct, IUnary<float, ushort>
    {
        public static uint Of(float a, float b) => (uint)TOne.Of(a) << 16 | TOne.Of(b);
    }

    static Instruction? Brains(Statement s, Names names)
    {
        int to = names.Target(s.Operands[0]);
        return (s.Words[^2], s.Words[^1]) switch
        {
            ("bf16", "f32") => new Unary<ToBrain, float, ushort>(to, names.Column(s.Operands[1], "f32")),
            ("f32", "bf16") => new Unary<FromBrain, ushort, float>(to, names.Column(s.Operands[1], "b16")),
            ("bf16x2", "f32") =>
                new Binary<Pair<ToBrain>, float, uint>(to, names.Column(s.Operands[1], "f32"), names.Column(s.Operands[2], "f32")),
            ("f16x2", "f32") =>
                new Binary<Pair<ToHalf>, float, uint>(to, names.Column(s.Operands[1], "f32"), names.Column(s.Operands[2], "f32")),
            _ => null,
        };
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        string to = s.Words[^2], from = s.Words[^1];
        if (s.Has("sat") || s.Has("ftz") || s.Has("relu")) return null;
        if (to is "f16x2" or "bf16" or "bf16x2" || from is "bf16") return Brains(s, names);
        Type source = Types.Of(from), target = Types.Of(to);
        int place = names.Target(s.Operands[0]), column = names.Column(s.Operands[1], from);
        bool whole = to[0] != 'f', wasWhole = from[0] != 'f';
        Type? rounding = s.Has("rni") ? typeof(Nearest) : s.Has("rzi") ? typeof(Inwards) : s.Has("rmi") ? typeof(Down)
            : s.Has("rpi") ? typeof(Up) : null;
        // a larger type takes any bits below it
        if (whole && wasWhole) return Types.Make(typeof(Unary<,,>), typeof(Cut<,>), source, target, place, column);
        if (!whole && rounding is null && !(s.Has("rz") || s.Has("rm") || s.Has("rp")))
            return Types.Make(typeof(Unary<,,>), typeof(ToFloating<,>), source, target, place, column);
        if (wasWhole || rounding is null) return null;
        if (!whole && source != target) return null;
        Type function = (whole ? typeof(ToWhole<,,>) : typeof(Whole<,,>)).MakeGenericType(rounding, source, target);
        return (Instruction)Activator.CreateInstance(typeof(Unary<,,>).MakeGenericType(function, source, target), place, column)!;
    }
}
