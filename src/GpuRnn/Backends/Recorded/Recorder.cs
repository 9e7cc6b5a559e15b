namespace GpuRnn.Backends.Recorded;

/// <summary>
/// Launches of a runtime that can keep them: recorded once, they are started again as one. What they read and write may change in between,
/// where it is may not.
/// </summary>
abstract class Recorder
{
    /// <summary>Runs what makes launches, which are kept instead of started.</summary>
    /// <returns>What was kept; null where the runtime refuses.</returns>
    public abstract Recording? Record(Action launches);
}

/// <summary>Launches that were kept. Its maker disposes it.</summary>
abstract class Recording : IDisposable
{
    /// <summary>Starts them, in their order.</summary>
    public abstract void Replay();

    public abstract void Dispose();
}
