namespace GpuRnn.Reports.Drawings;

/// <summary>Numbers along a stretch of pixels, linear or logarithmic.</summary>
sealed class Axis
{
    // beyond these, the difference of two numbers is no number any more
    const double Largest = 1e300, Smallest = 1e-300;

    /// <summary>An axis from one pixel (the low end) to another.</summary>
    public Axis(Limits limits, bool logarithmic, double from, double to)
    {
        (Logarithmic, From, To) = (logarithmic, from, to);
        double low = Math.Clamp(limits.Low, -Largest, Largest), high = Math.Clamp(limits.High, -Largest, Largest);
        if (logarithmic) (low, high) = (Math.Max(low, Smallest), Math.Max(high, Smallest));
        Limits = Widen(low, high);
    }

    public Limits Limits { get; }
    public bool Logarithmic { get; }
    public double From { get; }
    public double To { get; }

    /// <summary>The pixel of a number; it may lie outside.</summary>
    public double At(double value)
    {
        // differences of logarithms: a quotient of the numbers may be infinite
        double share = Logarithmic
            ? (Math.Log10(value) - Math.Log10(Limits.Low)) / (Math.Log10(Limits.High) - Math.Log10(Limits.Low))
            : (Math.Clamp(value, -Largest, Largest) - Limits.Low) / (Limits.High - Limits.Low);
        // browsers and Skia count pixels in 32-bit floats
        return From + Math.Clamp(share, -100, 100) * (To - From);
    }

    /// <summary>Can the number be on this axis?</summary>
    public bool Shows(double value) => double.IsFinite(value) && (!Logarithmic || value > 0);

    public Tick[] Ticks(int intervals) =>
        Logarithmic ? Drawings.Ticks.Logarithmic(Limits, intervals) : Drawings.Ticks.Linear(Limits, intervals);

    /// <summary>The least and the most of what can be shown, with some air; air does not reach below 0 where nothing else does.</summary>
    public static Limits Around(IEnumerable<double> values, bool logarithmic, double air)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value) || logarithmic && value <= 0) continue;
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        if (low > high) return logarithmic ? new(0.1, 1) : new(0, 1);
        if (logarithmic)
        {
            double decades = (Math.Log10(high) - Math.Log10(low)) * air;
            return new(low * Math.Pow(10, -decades), high * Math.Pow(10, decades));
        }
        double margin = (Math.Min(high, Largest) - Math.Max(low, -Largest)) * air;
        return new(low >= 0 ? Math.Max(0, low - margin) : low - margin, high + margin);
    }

    // a range of no width has no middle either
    Limits Widen(double low, double high)
    {
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        if (high - low > Math.Max(size * 1e-9, Smallest)) return new(low, high);
        if (Logarithmic) return new(low / 2, low * 2);
        double half = size > Smallest ? size * 0.1 : 1;
        return new(low - half, low + half);
    }
}
