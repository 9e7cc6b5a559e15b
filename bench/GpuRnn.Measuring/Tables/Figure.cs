using System.Globalization;

namespace GpuRnn.Measuring.Tables;

/// <summary>Numbers as tables show them; nothing where nothing was measured.</summary>
public static class Figure
{
    /// <summary>Three digits, or all of those before the point.</summary>
    public static string Of(double value) =>
        Fixed(value, Math.Abs(value) switch { < 0.0995 => 4, < 0.995 => 3, < 9.995 => 2, < 99.95 => 1, _ => 0 });

    public static string Ratio(double value) => Fixed(value, value < 9.995 ? 2 : 1);

    public static string Percent(double share) => double.IsNaN(share) ? "" : $"{Fixed(share * 100, 0)}%";

    public static string Thousands(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>From the least to the most; once where they read the same.</summary>
    public static string Range(double least, double most, Func<double, string> format) =>
        format(least) == format(most) ? format(least) : $"{format(least)} to {format(most)}";

    /// <summary>The median, and the range over rounds.</summary>
    public static string Share(double median, double least, double most) =>
        $"{Percent(median)} ({Range(least * 100, most * 100, v => Fixed(v, 0))})";

    /// <summary>The mean of ratios: twice as fast and half as fast come to the same.</summary>
    public static double GeometricMean(IEnumerable<double> ratios)
    {
        double[] known = [.. ratios.Where(double.IsFinite)];
        return known.Length == 0 ? double.NaN : Math.Exp(known.Average(Math.Log));
    }

    /// <summary>Two digits and a power of ten.</summary>
    public static string Error(double error) => error.ToString("0.0e-00", CultureInfo.InvariantCulture);

    public static string Fixed(double value, int digits) =>
        double.IsNaN(value) ? "" : value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
