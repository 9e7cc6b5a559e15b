using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// One float in kernels that only CUDA runs: what C# can say only with branches, which would put the gates of a unit one behind the
/// other, in instructions of compute capability 8.0 and more.
/// </summary>
readonly struct CudaSingle(float value) : IScalar<CudaSingle, float>
{
    const float Rounder = 12582912; // 1.5 * 2^23: the low bits of a sum with it are a whole number
    const float Log2E = 1.44269504f;

    readonly float value = value;

    public static CudaSingle operator +(CudaSingle a, CudaSingle b) => new(a.value + b.value);
    public static CudaSingle operator -(CudaSingle a, CudaSingle b) => new(a.value - b.value);
    public static CudaSingle operator *(CudaSingle a, CudaSingle b) => new(a.value * b.value);
    public static CudaSingle operator /(CudaSingle a, CudaSingle b) => new(a.value / b.value);
    public static CudaSingle Splat(double value) => new((float)value);
    public static CudaSingle Fma(CudaSingle a, CudaSingle b, CudaSingle c) => new(a.value * b.value + c.value);
    public static CudaSingle WherePositive(CudaSingle condition, CudaSingle a, CudaSingle b) =>
        new(ILGPU.Util.Utilities.Select(condition.value > 0, a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CudaSingle Clamp(CudaSingle a, double low, double high)
    {
        CudaAsm.Emit("max.NaN.f32 %0, %1, %2;", out float raised, a.value, (float)low);
        CudaAsm.Emit("min.NaN.f32 %0, %1, %2;", out float clamped, raised, (float)high);
        return new(clamped);
    }

    public static CudaSingle Scale(CudaSingle a, CudaSingle n) => Of(Plain(ScalarSingle.Scale(new(a.value), new(n.value))));
    public static CudaSingle Sqrt(CudaSingle a) => Of(Plain(ScalarSingle.Sqrt(new(a.value))));
    public static CudaSingle Log(CudaSingle a) => Of(Plain(ScalarSingle.Log(new(a.value))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CudaSingle Exp(CudaSingle a) => SingleMath.Exp(a);

    /// <inheritdoc/>
    /// <remarks>
    /// From e^-|x|, so that the denominator is from 1 to 2; below -87 as at -87. A product, not a sum of bits, takes the polynomial to its
    /// power of 2: a NaN whose bits are added to is a number.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CudaSingle Sigmoid(CudaSingle a)
    {
        CudaAsm.Emit("{ .reg .f32 size; abs.f32 size, %1; min.NaN.f32 %0, size, %2; }", out float x, a.value, 87f);
        float rounded = x * -Log2E + Rounder;
        CudaSingle power = SingleMath.PowerOfMinus(new CudaSingle(x), new CudaSingle(rounded - Rounder));
        float small = power.value * TwoTo(rounded);
        return Quotient(ILGPU.Util.Utilities.Select(a.value < 0, small, 1f), 1 + small);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CudaSingle Tanh(CudaSingle a)
    {
        float x = Clamp(a, -10, 10).value, rounded = x * (2 * Log2E) + Rounder;
        CudaSingle series = SingleMath.PowerOfTwiceLessOne(new CudaSingle(x), new CudaSingle(rounded - Rounder));
        float power = TwoTo(rounded), less = series.value * power + (power - 1); // exact near zero, where n = 0
        return Quotient(less, less + 2);
    }

    public static bool Less(CudaSingle a, CudaSingle b) => a.value < b.value;
    public static bool Same(CudaSingle a, CudaSingle b) => a.value == b.value;
    public static CudaSingle Of(float value) => new(value);
    public static float Value(CudaSingle lane) => lane.value;

    /// <summary>2^n, n the low bits of a number with <see cref="Rounder"/> in it, from -126 to 127; of a NaN any.</summary>
    static float TwoTo(float n) => Interop.IntAsFloat(Interop.FloatAsInt(1f) + (Interop.FloatAsInt(n) << 23));

    /// <summary>a / b for |a| up to b, b from 1 to 2^100: the reciprocal is off by a unit in the last place, which is corrected.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static CudaSingle Quotient(float a, float b)
    {
        CudaAsm.Emit("rcp.approx.ftz.f32 %0, %1;", out float reciprocal, b);
        float quotient = a * reciprocal;
        return new((a - b * quotient) * reciprocal + quotient);
    }

    static float Plain(ScalarSingle a) => ScalarSingle.Value(a);
}
