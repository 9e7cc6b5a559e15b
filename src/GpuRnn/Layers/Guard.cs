namespace GpuRnn.Layers;

/// <summary>
/// What stands before every public call of a part, <see cref="IDisposable.Dispose"/> included: one thread at a time, and neither the
/// part nor anything that it reads is disposed, in whatever order that was done.
/// </summary>
sealed class Guard
{
    readonly object owner;
    readonly Guard[] reads;
    readonly Usage[] usages;
    bool disposed;

    /// <summary>The guard of a part.</summary>
    /// <param name="owner">The part, which a refusal names.</param>
    /// <param name="usage">The model that it belongs to.</param>
    /// <param name="reads">The guards of what it reads, which may belong to other models.</param>
    public Guard(object owner, Usage usage, params Guard[] reads)
    {
        (this.owner, this.reads) = (owner, reads);
        usages = [.. reads.SelectMany(r => r.usages).Prepend(usage).Distinct()];
    }

    /// <summary>Until the scope is disposed the part is this thread's.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    /// <exception cref="ObjectDisposedException">The part is disposed, or something that it reads.</exception>
    public Scope Enter()
    {
        Enter(closing: false);
        try
        {
            ThrowIfDisposed();
        }
        catch
        {
            Leave();
            throw;
        }
        return new(this);
    }

    /// <summary>For what is handed out without a call on the device, such as views.</summary>
    public void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(disposed, owner);
        usages[0].Device.ThrowIfDisposed();
        foreach (Guard read in reads) read.ThrowIfDisposed();
    }

    /// <summary>Frees what the part owns, once.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call; nothing was freed.</exception>
    public void Close(Action free)
    {
        if (disposed) return;
        Enter(closing: true);
        try
        {
            if (disposed) return;
            disposed = true;
            free();
        }
        finally
        {
            Leave();
        }
    }

    void Enter(bool closing)
    {
        for (int i = 0; i < usages.Length; i++)
            try
            {
                usages[i].Enter(closing);
            }
            catch
            {
                while (--i >= 0) usages[i].Leave();
                throw;
            }
    }

    void Leave()
    {
        foreach (Usage usage in usages) usage.Leave();
    }

    public readonly struct Scope(Guard guard) : IDisposable
    {
        public void Dispose() => guard.Leave();
    }
}
