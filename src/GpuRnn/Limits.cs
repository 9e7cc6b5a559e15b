namespace GpuRnn;

/// <summary>What numbers of the program may be, said once: the same for the library and whoever calls it.</summary>
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

    static BadArgumentException Refusal(string what, double value, string right) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} is {value}; it must be {right}."));
}
