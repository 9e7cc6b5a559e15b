using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace GpuRnn.Data;

/// <summary>
/// Makes the next few things on another thread while this one works on the last. Things come in the order of their numbers.
/// </summary>
/// <typeparam name="T">The things, such as batches.</typeparam>
public sealed class Prefetch<T> : IDisposable
{
    readonly BlockingCollection<T> ready;
    readonly CancellationTokenSource stop = new();
    readonly Thread thread;
    ExceptionDispatchInfo? failure;
    bool disposed;

    /// <summary>Begins to make them.</summary>
    /// <param name="make">Makes one, given its number; called on the other thread.</param>
    /// <param name="first">The first number.</param>
    /// <param name="ahead">How many are kept ready; at least 1.</param>
    /// <exception cref="BadArgumentException">There are fewer.</exception>
    public Prefetch(Func<long, T> make, long first = 0, int ahead = 2)
    {
        ArgumentNullException.ThrowIfNull(make);
        ready = new(Limits.AtLeast(ahead, 1, "The number that is kept ready"));
        thread = new(() =>
        {
            try
            {
                for (long number = first; !stop.IsCancellationRequested; number++) ready.Add(make(number), stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // nobody wants more
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
                ready.CompleteAdding();
            }
        })
        { IsBackground = true, Name = "prefetch" };
        thread.Start();
    }

    /// <summary>The next one; waits for it. What making it threw is thrown here.</summary>
    public T Next()
    {
        try
        {
            return ready.Take();
        }
        catch (InvalidOperationException) when (failure is not null)
        {
            failure.Throw();
            throw;
        }
    }

    /// <summary>Stops, and waits for the other thread.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        stop.Cancel();
        thread.Join();
        ready.Dispose();
        stop.Dispose();
    }
}
