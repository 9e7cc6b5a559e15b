namespace GpuRnn.Layers;

/// <summary>
/// Counters of what a forward pass read and its backward pass will read again: if one has moved, the gradient would be of something else.
/// </summary>
/// <param name="Batch">The batch: <see cref="Layers.Batch.Version"/>.</param>
/// <param name="Weights">The weights: <see cref="Parameters{E}.Version"/>.</param>
/// <param name="Rows">The rows of the source: <see cref="Source{E}.Written"/>; 0 where there is none.</param>
/// <param name="OtherRows">Those of a second source.</param>
readonly record struct Stamp(long Batch, long Weights, long Rows = 0, long OtherRows = 0);

/// <summary>
/// How far a part is with a batch: made whole by a forward pass after every check, used and ended by one backward pass, and gone with the
/// batch.
/// </summary>
struct Run
{
    enum Phase { None, Ran, Saved, Used, Finished }

    Phase phase;
    Stamp stamp;

    /// <summary>Forgets the run: what it left is being overwritten.</summary>
    public void Clear() => phase = Phase.None;

    /// <summary>A forward pass is through.</summary>
    /// <param name="now">What it read.</param>
    /// <param name="saved">May a backward pass follow?</param>
    public void Ran(Stamp now, bool saved) => (stamp, phase) = (now, saved ? Phase.Saved : Phase.Ran);

    /// <summary>A backward pass begins: it overwrites what was saved.</summary>
    public void Use() => phase = Phase.Used;

    /// <summary>A backward pass is through.</summary>
    public void Finish() => phase = Phase.Finished;

    /// <summary>Was the current batch run, and on these rows?</summary>
    public readonly bool IsOf(Stamp now) =>
        phase != Phase.None && stamp.Batch == now.Batch && stamp.Rows == now.Rows && stamp.OtherRows == now.OtherRows;

    /// <exception cref="InvalidOperationException">No forward pass has been run on the current batch, or what it read has been
    /// overwritten.</exception>
    public readonly void CheckRan(Stamp now)
    {
        if (phase == Phase.None || stamp.Batch != now.Batch)
            throw new InvalidOperationException("The forward pass has not been run on this batch.");
        if (!IsOf(now))
            throw new InvalidOperationException("The rows that the forward pass read have been overwritten since: run it forward again.");
    }

    /// <exception cref="InvalidOperationException">The forward pass was with other weights.</exception>
    public readonly void CheckWeights(Stamp now)
    {
        CheckRan(now);
        if (stamp.Weights != now.Weights) throw new InvalidOperationException(
            "The weights have changed since the forward pass: run it forward again.");
    }

    /// <exception cref="InvalidOperationException">A backward pass may not follow now; the message says why.</exception>
    public readonly void CheckSaved(Stamp now)
    {
        CheckRan(now);
        if (phase == Phase.Ran)
            throw new InvalidOperationException(
                "This forward pass saved nothing: plan with Training = true, and run it with a gradient and without Evaluating.");
        if (phase != Phase.Saved)
            throw new InvalidOperationException("What the forward pass saved has been used up by a backward pass: run it forward again.");
        if (stamp.Weights != now.Weights)
            throw new InvalidOperationException(
                "The weights have changed since the forward pass: take the gradient first, or run it forward again.");
    }

    /// <exception cref="InvalidOperationException">The last forward pass had no backward pass: gradients are those of another
    /// run.</exception>
    public readonly void CheckFinished(Stamp now)
    {
        CheckRan(now);
        if (phase != Phase.Finished) throw new InvalidOperationException("No backward pass has been run since the forward pass.");
    }
}
