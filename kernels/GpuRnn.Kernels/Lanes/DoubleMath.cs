using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// exp, sigmoid and tanh of doubles from e^r - 1 on |r| &lt;= ln 2 / 2, without a branch, over any lane. Taylor's series to
/// r^13 / 13!, whose first dropped term is below 5e-18.
/// </summary>
static class DoubleMath
{
    const double Log2E = 1.4426950408889634, Ln2High = 6.93147180369123816490e-1, Ln2Low = 1.90821492927058770002e-10;
    const double Rounder = 6755399441055744; // 1.5 * 2^52: adding and subtracting it rounds to an integer

    /// <summary>x = n ln 2 + r; returns e^r - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L Reduced<L>(L x, out L n) where L : struct, ILane<L>
    {
        n = L.Fma(x, L.Splat(Log2E), L.Splat(Rounder)) - L.Splat(Rounder);
        L r = L.Fma(n, L.Splat(-Ln2Low), L.Fma(n, L.Splat(-Ln2High), x));
        L q = L.Fma(L.Splat(1.0 / 6227020800), r, L.Splat(1.0 / 479001600));
        q = L.Fma(q, r, L.Splat(1.0 / 39916800));
        q = L.Fma(q, r, L.Splat(1.0 / 3628800));
        q = L.Fma(q, r, L.Splat(1.0 / 362880));
        q = L.Fma(q, r, L.Splat(1.0 / 40320));
        q = L.Fma(q, r, L.Splat(1.0 / 5040));
        q = L.Fma(q, r, L.Splat(1.0 / 720));
        q = L.Fma(q, r, L.Splat(1.0 / 120));
        q = L.Fma(q, r, L.Splat(1.0 / 24));
        q = L.Fma(q, r, L.Splat(1.0 / 6));
        q = L.Fma(q, r, L.Splat(0.5));
        return L.Fma(r * r, q, r);
    }

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L x) where L : struct, ILane<L>
    {
        L p = Reduced(L.Clamp(x, -746, 746), out L n);
        return L.Scale(p + L.Splat(1), n);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid<L>(L x) where L : struct, ILane<L>
    {
        L one = L.Splat(1);
        L p = Reduced(L.Clamp(L.Splat(0) - x, -746, 746), out L n);
        return one / (one + L.Scale(p + one, n));
    }

    /// <summary>tanh x = (e^2x - 1) / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L>(L x) where L : struct, ILane<L>
    {
        L p = Reduced(L.Clamp(x + x, -40, 40), out L n);
        L power = L.Scale(L.Splat(1), n);
        L expm1 = L.Fma(p, power, power - L.Splat(1)); // exact near zero, where n = 0
        return expm1 / (expm1 + L.Splat(2));
    }
}
