using System.Globalization;

namespace GpuRnn.Reports.Drawings;

/// <summary>Numbers as people read them.</summary>
static class Numbers
{
    /// <summary>Four significant digits at most; very large and very small ones as 1.5e-7.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "not a number" : value > 0 ? "infinite" : "minus infinite";
        double size = Math.Abs(value);
        if (size == 0) return "0";
        if (size is < 1e-3 or >= 1e6) return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
        return Plain(value, decimals, trim: true);
    }

    /// <summary>The label of a tick: as many decimals as its axis' step needs.</summary>
    public static string Label(double value, double step)
    {
        if (value == 0) return "0";
        int power = (int)Math.Floor(Math.Log10(step) + 1e-9);
        if (power >= -4 && Math.Abs(value) < 1e6) return Plain(value, Math.Max(0, -power), trim: false);
        int digits = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9) - power;
        return value.ToString($"0.{new string('#', Math.Clamp(digits, 0, 12))}e0", CultureInfo.InvariantCulture);
    }

    static string Plain(double value, int decimals, bool trim)
    {
        string text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        if (trim && decimals > 0) text = text.TrimEnd('0').TrimEnd('.');
        // 10000 and more are read in groups of three
        return decimals == 0 && Math.Abs(value) >= 9999.5 ? value.ToString("N0", CultureInfo.InvariantCulture) : text;
    }
}
