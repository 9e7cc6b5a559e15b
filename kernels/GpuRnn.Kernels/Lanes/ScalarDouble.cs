using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Util;

namespace GpuRnn.Kernels.Lanes;

/// <summary>One double.</summary>
readonly struct ScalarDouble(double value) : IScalar<ScalarDouble, double>
{
    readonly double value = value;

    /// <inheritdoc/>
    public static ScalarDouble operator +(ScalarDouble a, ScalarDouble b) => new(a.value + b.value);
    /// <inheritdoc/>
    public static ScalarDouble operator -(ScalarDouble a, ScalarDouble b) => new(a.value - b.value);
    /// <inheritdoc/>
    public static ScalarDouble operator *(ScalarDouble a, ScalarDouble b) => new(a.value * b.value);
    /// <inheritdoc/>
    public static ScalarDouble operator /(ScalarDouble a, ScalarDouble b) => new(a.value / b.value);
    /// <inheritdoc/>
    public static ScalarDouble Splat(double value) => new(value);
    /// <inheritdoc/>
    public static ScalarDouble Fma(ScalarDouble a, ScalarDouble b, ScalarDouble c) => new(a.value * b.value + c.value);
    /// <inheritdoc/>
    public static ScalarDouble WherePositive(ScalarDouble condition, ScalarDouble a, ScalarDouble b) =>
        new(Utilities.Select(condition.value > 0, a.value, b.value));
    /// <inheritdoc/>
    public static ScalarDouble Clamp(ScalarDouble a, double low, double high) =>
        new(Utilities.Select(a.value < low, low, Utilities.Select(a.value > high, high, a.value)));

    /// <inheritdoc/>
    /// <remarks>In two halves, so that neither factor leaves the range of a normal number.</remarks>
    public static ScalarDouble Scale(ScalarDouble a, ScalarDouble n)
    {
        long whole = (long)n.value, half = whole / 2;
        return new(a.value * Interop.IntAsFloat((ulong)((half + 1023) << 52)) * Interop.IntAsFloat((ulong)((whole - half + 1023) << 52)));
    }

    /// <inheritdoc/>
    public static ScalarDouble Sqrt(ScalarDouble a) => new(XMath.Sqrt(a.value));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarDouble Exp(ScalarDouble a) => DoubleMath.Exp(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarDouble Sigmoid(ScalarDouble a) => DoubleMath.Sigmoid(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarDouble Tanh(ScalarDouble a) => DoubleMath.Tanh(a);

    /// <inheritdoc/>
    /// <remarks>As that of <see cref="ScalarSingle"/>.</remarks>
    public static ScalarDouble Log(ScalarDouble a)
    {
        const long RootOfHalf = 0x3FE6A09E667F3BCD;
        long bits = (long)Interop.FloatAsInt(a.value), exponent = bits - RootOfHalf >> 52;
        double m = Interop.IntAsFloat((ulong)(bits - (exponent << 52)));
        double f = (m - 1) / (m + 1), s = f * f;
        double series = 2.0 / 23;
        series = series * s + 2.0 / 21;
        series = series * s + 2.0 / 19;
        series = series * s + 2.0 / 17;
        series = series * s + 2.0 / 15;
        series = series * s + 2.0 / 13;
        series = series * s + 2.0 / 11;
        series = series * s + 2.0 / 9;
        series = series * s + 2.0 / 7;
        series = series * s + 2.0 / 5;
        series = series * s + 2.0 / 3;
        series = series * s + 2;
        return new(exponent * 0.6931471805599453 + f * series + (a.value - a.value)); // what is not finite stays no number
    }

    /// <inheritdoc/>
    public static bool Less(ScalarDouble a, ScalarDouble b) => a.value < b.value;
    /// <inheritdoc/>
    public static bool Same(ScalarDouble a, ScalarDouble b) => a.value == b.value;
    /// <inheritdoc/>
    public static ScalarDouble Of(double value) => new(value);
    /// <inheritdoc/>
    public static double Value(ScalarDouble lane) => lane.value;
}
