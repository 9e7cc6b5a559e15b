namespace GpuRnn.Lecture;

/// <summary>Loops that end soon after nobody wants their end any more.</summary>
static class Cancelling
{
    /// <summary>The same items, until cancelled.</summary>
    /// <exception cref="OperationCanceledException">They are not wanted any more.</exception>
    public static IEnumerable<T> WithCancellation<T>(this IEnumerable<T> items, CancellationToken cancel)
    {
        foreach (T item in items)
        {
            cancel.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
