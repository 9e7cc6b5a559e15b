namespace GpuRnn.Data;

/// <summary>
/// The random number generator SplitMix64: 64 bits of state, and the same numbers for a seed on every platform and in every version of
/// .NET, which System.Random does not promise. Not for secrets.
/// </summary>
/// <remarks>
/// G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014; the constants are those of
/// S. Vigna's splitmix64.c (public domain, https://prng.di.unimi.it/splitmix64.c).
/// </remarks>
/// <param name="seed">Where to start; any value will do, and near ones give unrelated numbers.</param>
public sealed class SplitMix(ulong seed)
{
    ulong state = seed;

    /// <summary>The next number, uniform over all 64-bit values.</summary>
    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>The next number from 0 to <paramref name="bound"/> - 1, each exactly as likely as the others.</summary>
    /// <param name="bound">How many numbers there are to choose from; at least 1.</param>
    /// <exception cref="BadArgumentException">There is none.</exception>
    public int Below(int bound)
    {
        Limits.AtLeast(bound, 1, "The number of choices");
        ulong choices = (ulong)bound;
        // The remainder alone would favour small numbers a little: draws past the last whole multiple are drawn again.
        ulong limit = ulong.MaxValue - ulong.MaxValue % choices;
        ulong draw;
        do
            draw = Next();
        while (draw >= limit);
        return (int)(draw % choices);
    }

    /// <summary>The next number, uniform from [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>
    /// The next number, normal with mean 0 and deviation 1 (Box and Muller 1958). Logarithm and cosine are the platform's: the last digit
    /// may differ from one to another.
    /// </summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Brings items into an order that is as likely as any other (Durstenfeld 1964).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
