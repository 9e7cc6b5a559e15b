namespace GpuRnn.Data;

/// <summary>
/// Which items make a batch: every epoch has each at most once, in an order of its own, and a batch's sequences are of about the same
/// length, so that little of it is padding. A batch is a function of the seed and its number alone: a run that goes on goes on with the
/// next.
/// </summary>
/// <remarks>
/// Items are shuffled, what would not fill the last batch is left to other epochs, the rest is cut into pools of <see cref="PoolBatches"/>
/// batches, sorted by length within a pool and cut into batches, whose order is shuffled.
/// </remarks>
public sealed class BatchOrder
{
    /// <summary>
    /// Batches that are sorted together: enough to find like lengths, few enough that batches differ from epoch to epoch.
    /// </summary>
    internal const int PoolBatches = 50;

    readonly int[] lengths;
    readonly int batch, seed;
    long epoch = -1;
    int[][] batches = [];

    /// <summary>An order.</summary>
    /// <param name="lengths">The length of each item; all the same if that does not matter.</param>
    /// <param name="batch">Items a batch.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="BadArgumentException">There are fewer items than a batch has, or a length is negative.</exception>
    public BatchOrder(IEnumerable<int> lengths, int batch, int seed)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        (this.lengths, this.batch, this.seed) = ([.. lengths], batch, seed);
        if (batch < 1 || this.lengths.Length < batch)
            throw new BadArgumentException(
                $"There are {this.lengths.Length} items to train on: too few for batches of {batch}. Lower the batch size.");
        foreach (int length in this.lengths) Limits.AtLeast(length, 0, "The length of an item");
        BatchesPerEpoch = this.lengths.Length / batch;
    }

    /// <summary>Batches an epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>The items of a batch, by their numbers.</summary>
    /// <param name="number">From 0, through all epochs. One thread at a time.</param>
    /// <exception cref="BadArgumentException">The number is negative.</exception>
    public int[] Batch(long number)
    {
        Limits.AtLeast(number, 0, "The number of a batch");
        if (number / BatchesPerEpoch is var wanted && wanted != epoch) (epoch, batches) = (wanted, Plan(wanted));
        return batches[number % BatchesPerEpoch];
    }

    int[][] Plan(long number)
    {
        SplitMix random = new(new SplitMix((ulong)seed * 0x9E37 + 0x51ED).Next() ^ (ulong)number);
        int[] items = [.. Enumerable.Range(0, lengths.Length)];
        random.Shuffle<int>(items);
        items = items[..(BatchesPerEpoch * batch)]; // before lengths are looked at: else the longest would be left out in every epoch
        for (int at = 0, pool = PoolBatches * batch; at < items.Length; at += pool)
            items.AsSpan(at, Math.Min(pool, items.Length - at))
                .Sort((a, b) => lengths[a] != lengths[b] ? lengths[a].CompareTo(lengths[b]) : a.CompareTo(b));
        int[] order = [.. Enumerable.Range(0, BatchesPerEpoch)];
        random.Shuffle<int>(order);
        return [.. order.Select(b => items[(b * batch)..((b + 1) * batch)])];
    }
}
