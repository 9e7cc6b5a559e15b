namespace GpuRnn.Lecture.Runs;

/// <summary>
/// A task whose step is one or several batches. The gradient of several is that of one batch of all their rows: each row counts the
/// same, whatever batch it is in, and each batch has dropout masks of its own.
/// </summary>
/// <typeparam name="T">A batch.</typeparam>
public abstract class BatchRun<T>(TrainOptions options) : TaskRun
{
    protected TrainOptions RunOptions => options;

    /// <summary>The next batch.</summary>
    protected abstract T Next();

    /// <summary>What the loss of a batch is a mean over.</summary>
    protected abstract int Rows(T batch);

    /// <summary>What speed is counted in.</summary>
    protected virtual int ItemsOf(T batch) => Rows(batch);

    /// <summary>
    /// Forward and backward pass of a batch. Returns the sum of its rows' losses, multiplied by scale, as is the gradient.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="masks">A number of its own for the dropout masks.</param>
    /// <param name="scale">What each row counts.</param>
    /// <param name="accumulate">Is the gradient added to what is there?</param>
    protected abstract double Learn(T batch, long masks, double scale, bool accumulate);

    public sealed override (double Loss, int Items) Step(long step)
    {
        int count = options.Accumulate;
        T[] batches = [.. Enumerable.Range(0, count).Select(_ => Next())];
        double scale = 1.0 / batches.Sum(b => (long)Rows(b)), loss = 0;
        for (int i = 0; i < count; i++) loss += Learn(batches[i], step * count + i, scale, accumulate: i > 0);
        return (loss, batches.Sum(ItemsOf));
    }
}
