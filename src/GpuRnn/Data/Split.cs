namespace GpuRnn.Data;

/// <summary>Which portion of a data set an item belongs to.</summary>
public enum Portion
{
    /// <summary>To train on.</summary>
    Training,
    /// <summary>To watch while training, and to choose by.</summary>
    Validation,
    /// <summary>To judge by, once.</summary>
    Test,
}

/// <summary>
/// Splits data by a seed: an item's portion depends on the seed and its number alone, so it stays where it is when more data comes behind
/// it.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="validation">The share to watch.</param>
/// <param name="test">The share to judge by.</param>
/// <exception cref="BadArgumentException">A share is negative or no number, or both are more than 1.</exception>
public sealed class Split(int seed, double validation = 0.1, double test = 0.1)
{
    readonly double test = Limits.NotNegative(test, "The share of the test");
    readonly double held = Limits.NotNegative(validation, "The share of the validation") + test is <= 1 and var both ? both
        : throw new BadArgumentException("Validation and test together are more than all: their shares sum to at most 1.");

    /// <summary>The portion of an item.</summary>
    public Portion Of(long item)
    {
        double draw = new SplitMix(new SplitMix((ulong)seed).Next() ^ (ulong)item).Uniform();
        return draw < test ? Portion.Test : draw < held ? Portion.Validation : Portion.Training;
    }

    /// <summary>The portion of a text, whatever its number: it is in no other portion, however often it occurs.</summary>
    /// <remarks>The text's number is its 64-bit FNV-1a hash, taken over UTF-16 units (G. Fowler, L. C. Noll and K.-P. Vo, RFC
    /// 9923).</remarks>
    public Portion Of(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in item) hash = unchecked((hash ^ unit) * 0x100000001B3);
        return Of(unchecked((long)hash));
    }

    /// <summary>The numbers of all items of a portion.</summary>
    /// <exception cref="BadArgumentException">The count is negative, or there is no such portion.</exception>
    public int[] Items(int count, Portion portion)
    {
        Limits.AtLeast(count, 0, "The number of items");
        Limits.Known(portion, "The portion");
        return [.. Enumerable.Range(0, count).Where(i => Of(i) == portion)];
    }
}
