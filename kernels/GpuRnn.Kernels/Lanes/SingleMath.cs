using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// exp, sigmoid and tanh of floats from e^r - 1 on |r| &lt;= ln 2 / 2, without a branch, over any lane. The polynomial is the
/// minimax one of Cephes (S. Moshier, expf); sigmoid and tanh follow from their definitions.
/// </summary>
public static class SingleMath
{
    const double Log2E = 1.4426950408889634, Ln2High = 0.693359375, Ln2Low = -2.12194440e-4;
    const double Rounder = 12582912; // 1.5 * 2^23: adding and subtracting it rounds to an integer

    /// <summary>x = n ln 2 + r; returns e^r - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L Reduced<L>(L x, out L n) where L : struct, ILane<L>
    {
        n = L.Fma(x, L.Splat(Log2E), L.Splat(Rounder)) - L.Splat(Rounder);
        L r = L.Fma(n, L.Splat(-Ln2Low), L.Fma(n, L.Splat(-Ln2High), x));
        L q = L.Fma(L.Splat(1.9875691500e-4), r, L.Splat(1.3981999507e-3));
        q = L.Fma(q, r, L.Splat(8.3334519073e-3));
        q = L.Fma(q, r, L.Splat(4.1665795894e-2));
        q = L.Fma(q, r, L.Splat(1.6666665459e-1));
        q = L.Fma(q, r, L.Splat(5.0000001201e-1));
        return L.Fma(r * r, q, r);
    }

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L x) where L : struct, ILane<L>
    {
        L p = Reduced(L.Clamp(x, -104, 104), out L n);
        return L.Scale(p + L.Splat(1), n);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid<L>(L x) where L : struct, ILane<L>
    {
        L one = L.Splat(1);
        L p = Reduced(L.Clamp(L.Splat(0) - x, -104, 104), out L n);
        return one / (one + L.Scale(p + one, n));
    }

    /// <summary>tanh x = (e^2x - 1) / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L>(L x) where L : struct, ILane<L>
    {
        L p = Reduced(L.Clamp(x + x, -20, 20), out L n);
        L power = L.Scale(L.Splat(1), n);
        L expm1 = L.Fma(p, power, power - L.Splat(1)); // exact near zero, where n = 0
        return expm1 / (expm1 + L.Splat(2));
    }
}
