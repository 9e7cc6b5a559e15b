namespace GpuRnn.Layers;

/// <summary>
/// One thread at a time uses a model: its parameters, networks, passes, optimizers and stores. A second one is refused while the first is
/// inside a call; calls inside calls of one thread are fine.
/// </summary>
sealed class Usage
{
    int owner, depth;

    /// <summary>Until the scope is disposed the model is this thread's.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public Scope Enter()
    {
        int thread = Environment.CurrentManagedThreadId;
        if (Volatile.Read(ref owner) != thread && Interlocked.CompareExchange(ref owner, thread, 0) != 0)
            throw new InvalidOperationException("Another thread uses this model: one at a time, or one model a thread.");
        depth++;
        return new(this);
    }

    public readonly struct Scope(Usage usage) : IDisposable
    {
        public void Dispose()
        {
            if (--usage.depth == 0) Volatile.Write(ref usage.owner, 0);
        }
    }
}
