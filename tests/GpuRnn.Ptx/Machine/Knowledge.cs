namespace GpuRnn.Ptx.Machine;

/// <summary>
/// How much of every thread has happened before a thread, by each thread's own clock: a vector clock. Threads that have met share one, and
/// those of a block that nobody met since share its part, so that thousands of threads cost little.
/// </summary>
/// <param name="blocks">By block and thread; null for nothing.</param>
sealed class Knowledge(int[]?[] blocks)
{
    /// <summary>Has a thread's clock been passed?</summary>
    public bool Has(int block, int thread, int clock) => blocks[block] is { } clocks && clocks[thread] >= clock;

    /// <summary>What threads of a block know after they have met.</summary>
    /// <param name="block">Their block.</param>
    /// <param name="threads">How many it has.</param>
    /// <param name="met">Who met, with the clock of each and what it knew.</param>
    public static Knowledge Meeting(int block, int threads, IEnumerable<(int Thread, int Clock, Knowledge Known)> met)
    {
        int[]?[]? joined = null;
        Knowledge? last = null;
        int[] own = new int[threads];
        foreach ((int thread, int clock, Knowledge known) in met)
        {
            own[thread] = Math.Max(own[thread], clock);
            if (known == last) continue;
            joined = joined is null ? [.. known.Blocks] : Join(joined, known.Blocks);
            last = known;
        }
        int[] before = joined![block] ?? new int[threads];
        for (int i = 0; i < threads; i++) own[i] = Math.Max(own[i], before[i]);
        joined[block] = own;
        return new(joined);
    }

    /// <summary>All that either knows.</summary>
    public Knowledge With(Knowledge other) => other == this ? this : new(Join([.. blocks], other.Blocks));

    /// <summary>The same and a thread's clock.</summary>
    public Knowledge With(int block, int thread, int clock, int threads)
    {
        int[]?[] more = [.. blocks];
        int[] own = more[block] is { } before ? [.. before] : new int[threads];
        own[thread] = clock;
        more[block] = own;
        return new(more);
    }

    int[]?[] Blocks => blocks;

    static int[]?[] Join(int[]?[] to, int[]?[] from)
    {
        for (int b = 0; b < to.Length; b++)
        {
            if (to[b] == from[b] || from[b] is not { } theirs) continue;
            to[b] = to[b] is not { } ours ? theirs : [.. ours.Zip(theirs, Math.Max)];
        }
        return to;
    }
}
