using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// exp, sigmoid and tanh of floats, without a branch, over any lane: x = n ln 2 + s, and a polynomial in s. The polynomials are minimax
/// ones (Remez' algorithm, relative error of the result; the first two coefficients fixed, so that results near 0 are exact):
/// 3.1e-9 for e^s on |s| &lt;= ln 2 / 2, 1.9e-8 for e^2s - 1 on half of that. What remains of the error is rounding.
/// </summary>
/// <remarks>A cell is evaluated once for every unit and step, and at small H is a fifth of all work: an operation less here is
/// felt.</remarks>
static class SingleMath
{
    const double Log2E = 1.4426950408889634, Ln2High = 0.693359375, Ln2Low = -2.12194440e-4, HalfLn2 = 0.34657359027997264;
    const double Rounder = 12582912; // 1.5 * 2^23: adding and subtracting it rounds to an integer
    const double E2 = 0.499999934478, E3 = 0.166665206317, E4 = 0.0416683880453, E5 = 0.00836871687973, E6 = 0.00138145986467;
    const double M3 = 1.33332184989, M4 = 0.666663797243, M5 = 0.26781306113, M6 = 0.0891753759218;

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L x) where L : struct, ILane<L>
    {
        x = L.Clamp(x, -104, 104);
        L n = L.Fma(x, L.Splat(Log2E), L.Splat(Rounder)) - L.Splat(Rounder);
        L s = L.Fma(n, L.Splat(-Ln2Low), L.Fma(n, L.Splat(-Ln2High), x));
        L power = L.Fma(L.Splat(E6), s, L.Splat(E5));
        power = L.Fma(power, s, L.Splat(E4));
        power = L.Fma(power, s, L.Splat(E3));
        power = L.Fma(power, s, L.Splat(E2));
        power = L.Fma(power, s, L.Splat(1));
        return L.Scale(L.Fma(power, s, L.Splat(1)), n);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid<L>(L x) where L : struct, ILane<L>
    {
        x = L.Clamp(x, -104, 104);
        L n = L.Fma(x, L.Splat(-Log2E), L.Splat(Rounder)) - L.Splat(Rounder);
        return L.Splat(1) / (L.Splat(1) + L.Scale(PowerOfMinus(x, n), n));
    }

    /// <summary>e^-x 2^-n, where -x = n ln 2 - s: the sign of s goes into the coefficients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L PowerOfMinus<L>(L x, L n) where L : struct, ILane<L>
    {
        L s = L.Fma(n, L.Splat(Ln2Low), L.Fma(n, L.Splat(Ln2High), x));
        L power = L.Fma(L.Splat(E6), s, L.Splat(-E5));
        power = L.Fma(power, s, L.Splat(E4));
        power = L.Fma(power, s, L.Splat(-E3));
        power = L.Fma(power, s, L.Splat(E2));
        power = L.Fma(power, s, L.Splat(-1));
        return L.Fma(power, s, L.Splat(1));
    }

    /// <summary>tanh x = (e^2x - 1) / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L>(L x) where L : struct, ILane<L>
    {
        x = L.Clamp(x, -10, 10);
        L n = L.Fma(x, L.Splat(2 * Log2E), L.Splat(Rounder)) - L.Splat(Rounder);
        L power = L.Scale(L.Splat(1), n);
        L expm1 = L.Fma(PowerOfTwiceLessOne(x, n), power, power - L.Splat(1)); // exact near zero, where n = 0
        return expm1 / (expm1 + L.Splat(2));
    }

    /// <summary>
    /// e^2s - 1, where 2x = n ln 2 + 2s. One rounding of s is enough for tanh: it matters only where e^2x is large, and tanh then hardly
    /// depends on it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L PowerOfTwiceLessOne<L>(L x, L n) where L : struct, ILane<L>
    {
        L s = L.Fma(n, L.Splat(-HalfLn2), x);
        L q = L.Fma(L.Splat(M6), s, L.Splat(M5));
        q = L.Fma(q, s, L.Splat(M4));
        q = L.Fma(q, s, L.Splat(M3));
        q = L.Fma(q, s, L.Splat(2));
        return L.Fma(q, s, L.Splat(2)) * s;
    }
}
