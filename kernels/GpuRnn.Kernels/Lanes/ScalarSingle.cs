using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Util;

namespace GpuRnn.Kernels.Lanes;

/// <summary>One float.</summary>
readonly struct ScalarSingle(float value) : IScalar<ScalarSingle, float>
{
    readonly float value = value;

    /// <inheritdoc/>
    public static ScalarSingle operator +(ScalarSingle a, ScalarSingle b) => new(a.value + b.value);
    /// <inheritdoc/>
    public static ScalarSingle operator -(ScalarSingle a, ScalarSingle b) => new(a.value - b.value);
    /// <inheritdoc/>
    public static ScalarSingle operator *(ScalarSingle a, ScalarSingle b) => new(a.value * b.value);
    /// <inheritdoc/>
    public static ScalarSingle operator /(ScalarSingle a, ScalarSingle b) => new(a.value / b.value);
    /// <inheritdoc/>
    public static ScalarSingle Splat(double value) => new((float)value);
    /// <inheritdoc/>
    public static ScalarSingle Fma(ScalarSingle a, ScalarSingle b, ScalarSingle c) => new(a.value * b.value + c.value);
    /// <inheritdoc/>
    public static ScalarSingle WherePositive(ScalarSingle condition, ScalarSingle a, ScalarSingle b) =>
        new(Utilities.Select(condition.value > 0, a.value, b.value));
    /// <inheritdoc/>
    public static ScalarSingle Clamp(ScalarSingle a, double low, double high) =>
        // a choice, not a branch, which would put the gates of a unit one behind the other
        new(Utilities.Select(a.value < (float)low, (float)low, Utilities.Select(a.value > (float)high, (float)high, a.value)));

    /// <inheritdoc/>
    /// <remarks>In two halves, so that neither factor leaves the range of a normal number.</remarks>
    public static ScalarSingle Scale(ScalarSingle a, ScalarSingle n)
    {
        int whole = (int)n.value, half = whole / 2;
        return new(a.value * Interop.IntAsFloat((uint)((half + 127) << 23)) * Interop.IntAsFloat((uint)((whole - half + 127) << 23)));
    }

    /// <inheritdoc/>
    public static ScalarSingle Sqrt(ScalarSingle a) => new(XMath.Sqrt(a.value));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSingle Exp(ScalarSingle a) => SingleMath.Exp(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSingle Sigmoid(ScalarSingle a) => SingleMath.Sigmoid(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSingle Tanh(ScalarSingle a) => SingleMath.Tanh(a);

    /// <inheritdoc/>
    /// <remarks>
    /// a = m 2^n, m from 1 / sqrt 2 to sqrt 2: log m from the series of the inverse hyperbolic tangent of (m - 1) / (m + 1). Counting bits
    /// from those of 1 / sqrt 2 gives n without a branch.
    /// </remarks>
    public static ScalarSingle Log(ScalarSingle a)
    {
        const int RootOfHalf = 0x3F3504F3;
        int bits = (int)Interop.FloatAsInt(a.value), exponent = bits - RootOfHalf >> 23;
        float m = Interop.IntAsFloat((uint)(bits - (exponent << 23)));
        float f = (m - 1) / (m + 1), s = f * f;
        float series = f * (2 + s * (0.66666667f + s * (0.4f + s * (0.28571429f + s * 0.22222222f))));
        return new(exponent * 0.69314718f + series + (a.value - a.value)); // what is not finite stays no number
    }

    /// <inheritdoc/>
    public static bool Less(ScalarSingle a, ScalarSingle b) => a.value < b.value;
    /// <inheritdoc/>
    public static bool Same(ScalarSingle a, ScalarSingle b) => a.value == b.value;
    /// <inheritdoc/>
    public static ScalarSingle Of(float value) => new(value);
    /// <inheritdoc/>
    public static float Value(ScalarSingle lane) => lane.value;
}
