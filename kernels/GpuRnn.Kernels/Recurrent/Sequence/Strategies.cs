namespace GpuRnn.Kernels.Recurrent;

/// <summary>How workers share a pass.</summary>
public interface IStrategy
{
    /// <summary>Must workers meet after every step?</summary>
    static abstract bool MeetsEachStep { get; }

    /// <summary>What a worker owns.</summary>
    static abstract Part PartOf<E>(in SequenceArguments<E> a, int worker) where E : unmanaged;
}

/// <summary>A worker owns sequences, all hidden units of them, and never waits for another in the time loop.</summary>
public struct SequencesOwned : IStrategy
{
    /// <inheritdoc/>
    public static bool MeetsEachStep => false;

    /// <inheritdoc/>
    public static Part PartOf<E>(in SequenceArguments<E> a, int worker) where E : unmanaged =>
        new() { Row0 = a.Bounds[worker], Row1 = a.Bounds[worker + 1], Panel1 = a.Panels };
}

/// <summary>
/// A worker owns panels of hidden units of all sequences, and all workers meet after every step: for few sequences. Where there are more
/// workers than panels, each owns one panel, and as many as own the same one share the sequences.
/// </summary>
public struct HiddenOwned : IStrategy
{
    /// <inheritdoc/>
    public static bool MeetsEachStep => true;

    /// <inheritdoc/>
    public static Part PartOf<E>(in SequenceArguments<E> a, int worker) where E : unmanaged
    {
        if (a.Workers <= a.Panels)
            return new()
            {
                Row1 = a.B,
                Panel0 = Part.Share(a.Panels, worker, a.Workers), Panel1 = Part.Share(a.Panels, worker + 1, a.Workers),
            };
        int shares = a.Workers / a.Panels, share = worker / a.Panels, panel = worker - share * a.Panels;
        int rows = (a.B + shares - 1) / shares, row0 = share * rows, row1 = row0 + rows;
        return new() { Row0 = row0 < a.B ? row0 : a.B, Row1 = row1 < a.B ? row1 : a.B, Panel0 = panel, Panel1 = panel + 1 };
    }
}
