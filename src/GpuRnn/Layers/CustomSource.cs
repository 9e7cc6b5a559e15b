using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// A source of rows that a program writes itself: a part of a model whose equations are its own. It has memory for its rows and their
/// gradient, and is held to the same order as every part: forward before what reads it, backward after, once, on the batch and the rows
/// that it was run on.
/// </summary>
/// <remarks>
/// What it computes goes to <see cref="Device.Stream"/> of its device, as kernels of ILGPU: rows lie at [(t B + b)
/// <see cref="Source{E}.OutputStride"/>], of <see cref="Source{E}.Steps"/> times <see cref="Source{E}.Sequences"/> of the current batch.
/// Rows of steps that a sequence does not have are never read by others: they may hold anything.
/// </remarks>
/// <typeparam name="E">float or double.</typeparam>
public abstract class CustomSource<E> : Source<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Source<E> batches;
    readonly Source<E>[] reads;
    readonly Parameters<E>? parameters;
    readonly DeviceArray<E> output;
    readonly DeviceArray<E>? outputGradient;
    readonly Guard guard;
    Run run;

    /// <summary>Memory for the rows of the largest batch.</summary>
    /// <param name="batches">Whose batches it has rows for: what it reads, or the pass whose input it is.</param>
    /// <param name="outputSize">Elements of a row.</param>
    /// <param name="parameters">Its own weights, if it has some; those of the model.</param>
    /// <param name="reads">Whose rows it reads.</param>
    /// <exception cref="BadArgumentException">The size is below 1, the rows are too many, or sources are on different devices or
    /// batches.</exception>
    protected CustomSource(Source<E> batches, int outputSize, Parameters<E>? parameters, params Source<E>[] reads)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Limits.AllGiven(reads, nameof(reads));
        if (outputSize < 1) throw new BadArgumentException($"Rows of {outputSize} numbers cannot be: at least 1.");
        if ((double)batches.MaxSteps * batches.MaxSequences * outputSize > int.MaxValue)
            throw new BadArgumentException(
                $"{batches.MaxSteps} steps of {batches.MaxSequences} sequences of {outputSize} numbers are more than 2^31. Plan fewer.");
        if (reads.Any(r => r.Batch != batches.Batch))
            throw new BadArgumentException("A source reads rows of other batches than it has rows for.");
        if (parameters is not null && parameters.Device != batches.Device)
            throw new BadArgumentException("The parameters are on another device than the rows.");
        (this.batches, this.reads, this.parameters, RowSize) = (batches, [.. reads], parameters, outputSize);
        guard = new(
            this, batches.Usage, [batches.Guard, .. reads.Select(r => r.Guard), .. parameters is null ? [] : new[] { parameters.Guard }]);
        using Guard.Scope scope = guard.Enter();
        long numbers = (long)batches.MaxSteps * batches.MaxSequences * outputSize;
        output = new(batches.Device, numbers);
        try
        {
            outputGradient = batches.Training ? new(batches.Device, numbers) : null;
        }
        catch
        {
            output.Dispose(); // the caller may try a smaller one
            throw;
        }
    }

    /// <inheritdoc/>
    internal sealed override Device RowDevice => batches.Device;
    internal sealed override Usage Usage => batches.Usage;
    internal sealed override Guard Guard => guard;
    internal sealed override Batch Batch => batches.Batch;
    internal sealed override bool Training => batches.Training;
    internal sealed override bool Saving => batches.Saving;
    /// <inheritdoc/>
    internal sealed override int RowStride => OutputSize;
    /// <inheritdoc/>
    internal sealed override int RowSize { get; }
    /// <inheritdoc/>
    internal sealed override ArrayView<E> RowView => Alive(output.View);
    /// <inheritdoc/>
    internal sealed override ArrayView<E> RowGradients => Alive(outputGradient?.View ?? default);

    Stamp Now
    {
        get
        {
            long written = 0;
            foreach (Source<E> source in reads) written += source.Written; // they only grow: the sum moves when one does
            return new(Batch.Version, parameters?.Version ?? 0, written);
        }
    }

    internal sealed override void CheckRows()
    {
        foreach (Source<E> source in reads) source.CheckRows();
        run.CheckRan(Now);
    }

    /// <summary>Writes <see cref="Source{E}.Output"/> from the rows that it reads.</summary>
    protected abstract void WriteRows();

    /// <summary>
    /// From <see cref="Source{E}.OutputGradient"/> to the gradients of what it reads, written or added as the model needs it, and of its
    /// parameters.
    /// </summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    protected abstract void WriteGradients(bool accumulate);

    /// <summary>Runs it forward.</summary>
    /// <exception cref="InvalidOperationException">What it reads has no rows of this batch.</exception>
    public void Forward()
    {
        using Guard.Scope scope = guard.Enter();
        foreach (Source<E> source in reads) source.CheckRows();
        run.Clear();
        RowsWritten(); // before they are: one that fails half-way has written some
        WriteRows();
        run.Ran(Now, Saving);
    }

    /// <summary>Runs it backward.</summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    /// <exception cref="InvalidOperationException">No forward pass for training went before this one backward pass, or the weights or the
    /// rows that it read have changed since.</exception>
    public void Backward(bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckSaved(Now);
        run.Use();
        WriteGradients(accumulate);
        run.Finish();
    }

    /// <summary>Frees what a derived source made for itself.</summary>
    protected virtual void Free() { }

    /// <inheritdoc/>
    internal sealed override void Close()
    {
        guard.Close(() =>
        {
            try
            {
                Free();
            }
            finally
            {
                output.Dispose();
                outputGradient?.Dispose();
            }
        });
        GC.SuppressFinalize(this);
    }
}
