using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>Rows of the program's numbers over the batches of a pass, for layers that stand before the recurrent ones.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class InputRows<E> : Source<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Pass<E> pass;
    readonly DeviceArray<E> rows;
    readonly Guard guard;
    Run run;

    /// <summary>Memory for the rows of the largest batch.</summary>
    /// <param name="pass">Whose batches.</param>
    /// <param name="size">Numbers a row.</param>
    public InputRows(Pass<E> pass, int size)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (size < 1) throw new BadArgumentException($"Rows of {size} numbers cannot be: at least 1.");
        if ((double)pass.MaxSteps * pass.MaxSequences * size > int.MaxValue)
            throw new BadArgumentException(
                $"{pass.MaxSteps} steps of {pass.MaxSequences} sequences of {size} numbers are more than 2^31. Plan fewer.");
        (this.pass, RowSize) = (pass, size);
        guard = new(this, pass.Usage, pass.Guard);
        using Guard.Scope scope = guard.Enter();
        rows = new(pass.Device, (long)pass.MaxSteps * pass.MaxSequences * size);
    }

    /// <inheritdoc/>
    internal override Device RowDevice => pass.Device;
    internal override Usage Usage => pass.Usage;
    internal override Guard Guard => guard;
    internal override Batch Batch => pass.Batch;
    internal override bool Training => pass.Training;
    internal override bool Saving => pass.Saving;
    /// <inheritdoc/>
    internal override int RowSize { get; }
    /// <inheritdoc/>
    internal override ArrayView<E> RowView => Alive(rows.View);
    /// <summary>None: nobody asks for the gradient of data.</summary>
    internal override ArrayView<E> RowGradients => default;

    Stamp Now => new(Batch.Version, 0);

    internal override void CheckRows() => run.CheckRan(Now);

    /// <summary>Takes the rows of the current batch.</summary>
    /// <param name="x">[T, B, size], or [B, T, size] if the pass is planned so.</param>
    /// <exception cref="BadArgumentException">The wrong number of them.</exception>
    public void Set(ReadOnlySpan<E> x)
    {
        using Guard.Scope scope = guard.Enter();
        long expected = (long)pass.Steps * pass.Sequences * OutputSize;
        if (x.Length != expected) throw new BadArgumentException($"There are {x.Length} numbers; the batch needs {expected}.");
        run.Clear();
        Device.Upload(x, rows.View);
        RowsWritten();
        run.Ran(Now, false);
    }

    /// <inheritdoc/>
    internal override void Close() => guard.Close(rows.Dispose);
}
