using System.Numerics;

namespace GpuRnn.Cli.Checking;

/// <summary>What the engine made beside what it should have made.</summary>
static class Comparison
{
    /// <summary>Every expected tensor; one that was not produced is a failure.</summary>
    public static List<TensorError> Compare<E>(
        IReadOnlyDictionary<string, E[]> produced, IEnumerable<(string Name, double[] Data)> expected, Bounds bounds)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        List<TensorError> errors = [];
        foreach ((string name, double[] data) in expected)
        {
            bool there = produced.TryGetValue(name, out E[]? made) && made.Length == data.Length;
            errors.Add(new(name, there ? Error(made!, data) : double.PositiveInfinity, bounds.Of(name), there));
        }
        return errors;
    }

    static double Error<E>(E[] a, double[] b) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        double difference = 0, largest = 0;
        for (int i = 0; i < b.Length; i++)
        {
            // Math.Max keeps NaN
            difference = Math.Max(difference, Math.Abs(double.CreateChecked(a[i]) - b[i]));
            largest = Math.Max(largest, Math.Abs(b[i]));
        }
        return largest == 0 ? difference : difference / largest;
    }
}
