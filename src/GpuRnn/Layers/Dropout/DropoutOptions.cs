using GpuRnn.Data;

namespace GpuRnn.Layers;

/// <summary>
/// Which numbers a training pass leaves out: each with probability <see cref="Rate"/>, and what stays is multiplied by 1 / (1 - rate).
/// Masks are a function of seed, place, step and position alone: the same on every device, and in a run that goes on.
/// </summary>
public sealed record DropoutOptions
{
    /// <summary>From 0 to below 1.</summary>
    public double Rate { get; init; }

    /// <summary>Is a sequence's mask the same at all its steps (Gal and Ghahramani 2016)?</summary>
    public bool Variational { get; init; }

    /// <summary>Seed of the masks.</summary>
    public int Seed { get; init; }

    internal void Check() => Limits.Share(Rate, "A dropout rate");

    /// <summary>The key of a place's masks at a step.</summary>
    internal (uint, uint) Key(int place, long step)
    {
        ulong key = new SplitMix(new SplitMix((ulong)Seed * 0x1_0000 + (ulong)place).Next() ^ (ulong)step).Next();
        return ((uint)key, (uint)(key >> 32));
    }
}
