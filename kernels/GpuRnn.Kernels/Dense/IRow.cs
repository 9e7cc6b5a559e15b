using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Dense;

/// <summary>Numbers side by side that one thread reads and writes, one at a time or as many as the device takes at once.</summary>
/// <typeparam name="V">Neighbouring numbers: a vector on the CPU, one number on a GPU.</typeparam>
/// <typeparam name="L">One number.</typeparam>
interface IRow<V, L> where V : struct, ILane<V> where L : struct, ILane<L>
{
    /// <summary>How many there are.</summary>
    int Count { get; }
    /// <summary>How many a V is.</summary>
    int Width { get; }
    /// <summary>Number i.</summary>
    L At(int i);
    /// <summary>Writes number i.</summary>
    void Put(int i, L value);
    /// <summary>The numbers from i on, as many as a V is.</summary>
    V Wide(int i);
    /// <summary>Writes them.</summary>
    void PutWide(int i, V value);
    /// <summary>The sum of a V's numbers, always in the same order.</summary>
    L Sum(V value);
    /// <summary>A number in every place of a V.</summary>
    V Spread(L value);
}

/// <summary>A row of outputs with its target.</summary>
/// <typeparam name="V">Neighbouring outputs.</typeparam>
/// <typeparam name="L">One number.</typeparam>
interface ITargetRow<V, L> : IRow<V, L> where V : struct, ILane<V> where L : struct, ILane<L>
{
    /// <summary>The largest output.</summary>
    L Most { get; }
    /// <summary>The target of losses whose target is a class.</summary>
    int Class { get; }
    /// <summary>The target of output i, of losses whose target is values.</summary>
    L Target(int i);
    /// <summary>The slope of the outputs' activation where its value is y.</summary>
    L Slope(L y);
}

/// <summary>The sum that a softmax and its logarithm are made of.</summary>
static class Powers
{
    /// <summary>The sum of e^(y - most) over a row, with the powers in the numbers' place if wanted.</summary>
    /// <param name="row">The numbers.</param>
    /// <param name="most">The largest of them: no power is above 1.</param>
    /// <param name="keep">Are the powers wanted?</param>
    public static L Sum<TRow, V, L>(TRow row, L most, bool keep)
        where TRow : struct, IRow<V, L> where V : struct, ILane<V> where L : struct, ILane<L>
    {
        int whole = row.Count / row.Width * row.Width;
        V sum = V.Splat(0), max = row.Spread(most);
        for (int i = 0; i < whole; i += row.Width)
        {
            V power = V.Exp(row.Wide(i) - max);
            sum += power;
            if (keep) row.PutWide(i, power);
        }
        L total = row.Sum(sum);
        for (int i = whole; i < row.Count; i++)
        {
            L power = L.Exp(row.At(i) - most);
            total += power;
            if (keep) row.Put(i, power);
        }
        return total;
    }
}
