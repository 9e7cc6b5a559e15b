using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>Random numbers of the distributions that the simulation needs.</summary>
/// <remarks>
/// The bits are the same everywhere. Logarithms and sines are those of the platform, so that simulated jets may differ in the last digits
/// from one platform to another, and are exactly the same on one.
/// </remarks>
static class Draws
{
    /// <summary>Uniform from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public static double Uniform(this SplitMix random, double low, double high) => low + (high - low) * random.Uniform();

    /// <summary>Exponential, of mean 1; never infinite.</summary>
    public static double Exponential(this SplitMix random) => -Math.Log(1 - random.Uniform());

    /// <summary>A count of independent events: exponential gaps until <paramref name="mean"/> is used up. For small means.</summary>
    public static int Poisson(this SplitMix random, double mean)
    {
        int count = 0;
        for (double used = random.Exponential(); used < mean; used += random.Exponential()) count++;
        return count;
    }

    /// <summary>
    /// A mass of the Breit-Wigner distribution, in its plain (Cauchy) form, cut at <paramref name="reach"/> widths on either side.
    /// </summary>
    /// <param name="mass">Where it peaks, GeV.</param>
    /// <param name="width">Full width at half maximum, GeV.</param>
    public static double BreitWigner(this SplitMix random, double mass, double width, double reach)
    {
        double most = Math.Atan(2 * reach);
        return mass + width / 2 * Math.Tan(random.Uniform(-most, most));
    }

    /// <summary>A falling power of x between two values: density proportional to x to the minus <paramref name="power"/> (not 1).</summary>
    public static double FallingPower(this SplitMix random, double low, double high, double power)
    {
        double a = Math.Pow(low, 1 - power), b = Math.Pow(high, 1 - power);
        return Math.Pow(a + (b - a) * random.Uniform(), 1 / (1 - power));
    }

    /// <summary>A direction, all alike: a vector of length 1.</summary>
    public static (double X, double Y, double Z) Direction(this SplitMix random)
    {
        double z = random.Uniform(-1, 1), phi = random.Uniform(0, 2 * Math.PI), across = Math.Sqrt(1 - z * z);
        return (across * Math.Cos(phi), across * Math.Sin(phi), z);
    }
}
