using System.Globalization;
namespace GpuRnn.Reports.Drawings;

readonly record struct Tick(double Value, string Label);

/// <summary>Where an axis has its numbers: at multiples of 1, 2 or 5 times a power of ten.</summary>
static class Ticks
{
    /// <summary>Ticks within limits, about as many as intervals are wanted and at most one more.</summary>
    public static Tick[] Linear(Limits limits, int intervals)
    {
        double step = Step((limits.High - limits.Low) / Math.Max(1, intervals));
        // what rounding takes from the ends must not take their ticks
        double first = Math.Ceiling(limits.Low / step - 1e-9), last = Math.Floor(limits.High / step + 1e-9);
        List<Tick> ticks = [];
        for (double i = first; i <= last && ticks.Count <= intervals + 1; i++)
        {
            double value = Tidy(i * step, step);
            ticks.Add(new(value, Numbers.Label(value, step)));
        }
        return [.. ticks];
    }

    /// <summary>
    /// Powers of ten within positive limits; with few of them their multiples by 2 and 5 too, and within one power as on a linear axis.
    /// </summary>
    public static Tick[] Logarithmic(Limits limits, int intervals)
    {
        double low = Math.Log10(limits.Low), high = Math.Log10(limits.High), decades = high - low;
        if (decades < 0.9) return [.. Linear(limits, intervals).Where(t => t.Value > 0)];
        int[] digits = 3 * decades <= intervals ? [1, 2, 5] : [1];
        int every = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(1, intervals)));
        List<Tick> ticks = [];
        (low, high) = (low - 1e-9, high + 1e-9); // the ends count too
        for (int power = (int)Math.Floor(low); power <= high; power++)
            foreach (int digit in digits)
            {
                double at = power + Math.Log10(digit), value = Decimal(digit, power);
                if (power % every == 0 && at >= low && at <= high) ticks.Add(new(value, Numbers.Short(value)));
            }
        return [.. ticks];
    }

    /// <summary>The least 1, 2 or 5 times a power of ten that is not below a width.</summary>
    static double Step(double width)
    {
        int power = (int)Math.Floor(Math.Log10(width));
        foreach (int digit in new[] { 1, 2, 5 })
            if (Decimal(digit, power) >= width * (1 - 1e-9)) return Decimal(digit, power);
        return Decimal(1, power + 1);
    }

    /// <summary>A digit times a power of ten, as near to it as a double can be: a product of two doubles is not.</summary>
    static double Decimal(int digit, int power) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digit}e{power}"), CultureInfo.InvariantCulture);

    // 3 * 0.1 is 0.30000000000000004
    static double Tidy(double value, double step)
    {
        int digits = (int)-Math.Floor(Math.Log10(step));
        return digits is > 0 and <= 15 ? Math.Round(value, digits) + 0.0 : value + 0.0;
    }
}
