using GpuRnn.Backends;
using GpuRnn.Devices;

namespace GpuRnn.Layers;

/// <summary>Which of a layer's ways of running a batch takes: the one of the least time, of those that can.</summary>
sealed class Planner<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Way<E>[] ways;
    readonly string[] refused;

    /// <param name="all">The ways of a layer.</param>
    /// <param name="wanted">The strategy that the program asks for; null for any.</param>
    public Planner(IReadOnlyList<Way<E>> all, Strategy? wanted)
    {
        Way<E>[] able = [.. all.Where(w => w.Refusal is null)];
        ways = able.Any(w => w.Strategy == wanted) ? [.. able.Where(w => w.Strategy == wanted)] : able;
        refused = [.. all.Where(w => w.Refusal is not null).Select(w => $"{w.Strategy} cannot: {w.Refusal}")];
    }

    /// <summary>The way of a batch.</summary>
    public Way<E> Choose(BatchShape batch)
    {
        Way<E> best = ways[0];
        for (int i = 1; i < ways.Length; i++)
            if (ways[i].Time(batch) < best.Time(batch)) best = ways[i];
        return best;
    }

    /// <summary>Memory for whichever of them a batch takes.</summary>
    public WorkSizes WorkSizes(PassShape pass)
    {
        PassShape shape = pass with { Forced = ways.Length == 1 };
        return ways.Select(w => w.WorkSizes(shape)).Aggregate((a, b) => a.Or(b));
    }

    /// <summary>The way of a batch in one line, and what could not be one.</summary>
    public string Explain(BatchShape batch, bool training) => string.Join("; ", [Choose(batch).Describe(batch, training), .. refused]);
}
