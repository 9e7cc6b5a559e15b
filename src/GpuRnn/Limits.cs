namespace GpuRnn;

/// <summary>What arguments may be, said once: the same for the library and whoever calls it.</summary>
static class Limits
{
    /// <exception cref="BadArgumentException">The number is infinite or none.</exception>
    public static double Finite(double value, string what) =>
        double.IsFinite(value) ? value : throw Refusal(what, value, "a finite number");

    /// <exception cref="BadArgumentException">The number is not from 0 to below infinity.</exception>
    public static double NotNegative(double value, string what) =>
        value >= 0 && double.IsFinite(value) ? value : throw Refusal(what, value, "0 or above");

    /// <exception cref="BadArgumentException">The number is not from 0 to below 1.</exception>
    public static double Share(double value, string what) =>
        value is >= 0 and < 1 ? value : throw Refusal(what, value, "from 0 to below 1");

    /// <exception cref="BadArgumentException">The number is not from 0 to 1.</exception>
    public static double Probability(double value, string what) =>
        value is >= 0 and <= 1 ? value : throw Refusal(what, value, "from 0 to 1");

    /// <exception cref="BadArgumentException">The number is below the least.</exception>
    public static T AtLeast<T>(T value, T least, string what) where T : struct, IBinaryInteger<T> =>
        value >= least ? value : throw Refusal(what, value, $"{least} or above");

    /// <exception cref="BadArgumentException">There are not so many.</exception>
    public static int Index(int value, int count, string what) =>
        (uint)value < (uint)count ? value : throw Refusal(what, value, $"from 0 to below {count}");

    /// <exception cref="BadArgumentException">The enumeration has no such value: it came of a cast.</exception>
    public static T Known<T>(T value, string what) where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw Refusal(what, value, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static T Given<T>(T? value, string what) where T : class => value ?? throw new ArgumentNullException(what);

    /// <exception cref="ArgumentNullException">They are null, or one of them is.</exception>
    public static IReadOnlyList<T> AllGiven<T>(IReadOnlyList<T?>? values, string what) where T : class
    {
        ArgumentNullException.ThrowIfNull(values, what);
        for (int i = 0; i < values.Count; i++)
            if (values[i] is null) throw new ArgumentNullException(what, $"Number {i} of them is null.");
        return values!;
    }

    static BadArgumentException Refusal<T>(string what, T value, string right) => new($"{what} is {value}; it must be {right}.");
}
