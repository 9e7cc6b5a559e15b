using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>
/// Reciprocals, roots, powers. Those that PTX calls approximate are off here by as much as it allows, up or down as their argument's bits
/// have it: who counts on more is found.
/// </summary>
static class Functions
{
    struct Reciprocal<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
    {
        public static T Of(T a) => T.One / a;
    }

    struct Root<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
    {
        public static T Of(T a) => T.Sqrt(a);
    }

    interface IApproximate
    {
        /// <summary>Steps between neighbouring floats that it may be off.</summary>
        static abstract int Off { get; }

        static abstract double Of(double a);
    }

    struct NearReciprocal : IApproximate
    {
        public static int Off => 1;
        public static double Of(double a) => 1 / a;
    }

    struct NearPower : IApproximate
    {
        public static int Off => 2;
        public static double Of(double a) => Math.Pow(2, a);
    }

    struct NearLogarithm : IApproximate
    {
        public static int Off => 1;
        public static double Of(double a) => Math.Log2(a);
    }

    struct NearRoot : IApproximate
    {
        public static int Off => 1;
        public static double Of(double a) => Math.Sqrt(a);
    }

    struct NearInverseRoot : IApproximate
    {
        public static int Off => 2;
        public static double Of(double a) => 1 / Math.Sqrt(a);
    }

    /// <summary>2^-11 relative: 4096 steps.</summary>
    struct NearTanh : IApproximate
    {
        public static int Off => 4096;
        public static double Of(double a) => Math.Tanh(a);
    }

    struct Approximate<TFunction> : IUnary<float, float> where TFunction : struct, IApproximate
    {
        public static float Of(float a)
        {
            float exact = (float)TFunction.Of(a);
            if (!float.IsNormal(exact)) return exact;
            uint mixed = BitConverter.SingleToUInt32Bits(a) * 2_654_435_769;
            int off = (int)(mixed >> 8) % (TFunction.Off + 1);
            float near = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(exact) + ((mixed & 1) != 0 ? off : -off));
            return float.IsNormal(near) ? near : exact;
        }
    }

    struct Flushed<TOp> : IUnary<float, float> where TOp : struct, IUnary<float, float>
    {
        public static float Of(float a) => Flush(TOp.Of(Flush(a)));

        static float Flush(float a) => float.IsSubnormal(a) ? float.CopySign(0, a) : a;
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        bool near = s.Has("approx");
        Type? function = (s.Words[0], near) switch
        {
            ("rcp", false) => typeof(Reciprocal<>),
            ("sqrt", false) => typeof(Root<>),
            ("rcp", true) => typeof(Approximate<NearReciprocal>),
            ("sqrt", true) => typeof(Approximate<NearRoot>),
            ("rsqrt", true) => typeof(Approximate<NearInverseRoot>),
            ("ex2", true) => typeof(Approximate<NearPower>),
            ("lg2", true) => typeof(Approximate<NearLogarithm>),
            ("tanh", true) => typeof(Approximate<NearTanh>),
            _ => null,
        };
        if (function is null || near && s.Type != "f32") return null;
        if (!near && !s.Has("ftz")) return Types.Unary(s, names, function);
        if (!near) function = function.MakeGenericType(typeof(float));
        if (s.Has("ftz")) function = typeof(Flushed<>).MakeGenericType(function);
        return (Instruction)Activator.CreateInstance(typeof(Unary<,,>).MakeGenericType(function, typeof(float), typeof(float)),
            names.Target(s.Operands[0]), names.Column(s.Operands[1], "f32"))!;
    }
}
