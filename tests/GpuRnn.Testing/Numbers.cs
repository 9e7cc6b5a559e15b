using GpuRnn.Layers;

namespace GpuRnn.Testing;

/// <summary>Random numbers, conversions and errors.</summary>
public static class Numbers
{
    public static double[] Random(int n, int seed, double scale = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, n).Select(_ => (random.NextDouble() * 2 - 1) * scale)];
    }

    /// <summary>Rounded to what the engine computes in, so that both sides start from the same numbers.</summary>
    public static double[] Rounded<E>(double[] values) where E : unmanaged, IFloatingPointIeee754<E> =>
        typeof(E) == typeof(float) ? [.. values.Select(v => (double)(float)v)] : values;

    /// <summary>Numbers of a device in double precision.</summary>
    public static double[] Of<E>(E[] values) where E : unmanaged, IFloatingPointIeee754<E> => [.. values.Select(Element.ToDouble)];

    public static E[] To<E>(double[] values) where E : unmanaged, IFloatingPointIeee754<E> => [.. values.Select(v => Element.Of<E>(v))];

    /// <summary>max|a - b| / max|b|; max|a| where b is 0; not a number if anything is none, or the lengths differ.</summary>
    public static double Error<E>(E[] got, double[] expected) where E : unmanaged, IFloatingPointIeee754<E>
    {
        if (got.Length != expected.Length) return double.NaN;
        if (got.Length == 0) return 0;
        double scale = expected.Max(Math.Abs), worst = 0;
        for (int i = 0; i < got.Length; i++)
        {
            double error = Math.Abs(Element.ToDouble(got[i]) - expected[i]);
            if (double.IsNaN(error)) return double.NaN;
            worst = Math.Max(worst, error);
        }
        return scale == 0 ? worst : worst / scale;
    }
}
