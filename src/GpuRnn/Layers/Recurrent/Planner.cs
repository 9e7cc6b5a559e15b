using GpuRnn.Backends;

namespace GpuRnn.Layers;

/// <summary>Which of a layer's ways of running a batch takes: the one of the least time, of those that can.</summary>
sealed class Planner<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Way<E>[] able, wanted;
    readonly string[] refused;

    /// <param name="all">The ways of a layer.</param>
    /// <param name="strategy">The strategy that the program asks for, where a layer and a batch can have it; null for any.</param>
    public Planner(IReadOnlyList<Way<E>> all, Strategy? strategy)
    {
        able = [.. all.Where(w => w.Refusal is null)];
        wanted = [.. able.Where(w => strategy is null || w.Strategy == strategy)];
        refused = [.. all.Where(w => w.Refusal is not null).Select(w => $"{w.Strategy} cannot: {w.Refusal}")];
    }

    /// <summary>The way of a batch.</summary>
    public Way<E> Choose(BatchShape batch) => Best(wanted, batch) ?? Best(able, batch)!;

    /// <summary>The way of the least time; null if none can.</summary>
    static Way<E>? Best(Way<E>[] ways, BatchShape batch)
    {
        Way<E>? best = null;
        double least = double.PositiveInfinity;
        foreach (Way<E> way in ways)
        {
            double time = way.Time(batch);
            if (time < least) (best, least) = (way, time);
        }
        return best;
    }

    /// <summary>What the choice is between.</summary>
    public IEnumerable<SharingTime> Candidates(BatchShape batch)
    {
        IEnumerable<SharingTime> candidates = wanted.SelectMany(w => w.Candidates(batch));
        return (candidates.Any() ? candidates : able.SelectMany(w => w.Candidates(batch))).OrderBy(c => c.Time);
    }

    /// <summary>Memory for whichever of them a batch takes.</summary>
    public WorkSizes WorkSizes(PassShape pass) =>
        (wanted.Length > 0 ? wanted : able).Select(w => w.WorkSizes(pass)).Aggregate((a, b) => a.Or(b));

    /// <summary>The way of a batch in one line, and what could not be one.</summary>
    public string Explain(BatchShape batch, bool training) => string.Join("; ", [Choose(batch).Describe(batch, training), .. refused]);
}
