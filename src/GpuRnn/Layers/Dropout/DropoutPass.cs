using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// Dropout on the rows of a source, for whoever reads them; behind a source that was planned for inference, or is evaluated, it passes them
/// on as they are.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class DropoutPass<E> : Source<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Source<E> source;
    readonly Guard guard;
    readonly DropoutMasks<E>? masks;
    readonly DeviceArray<E>? output;
    Run run;
    long ranStep;
    bool dropped;

    internal DropoutPass(Source<E> source, DropoutOptions options, int? place)
    {
        this.source = source;
        guard = new(this, source.Usage, source.Guard);
        using Guard.Scope scope = guard.Enter();
        int taken = place ?? source.Batch.TakePlace();
        if (!source.Training || options.Rate == 0) return;
        masks = new(source.Device, options, taken);
        output = new(source.Device, (long)source.MaxSteps * source.MaxSequences * source.OutputStride);
        dropped = true;
    }

    /// <inheritdoc/>
    internal override Device RowDevice => source.Device;
    internal override Usage Usage => source.Usage;
    internal override Guard Guard => guard;
    internal override Batch Batch => source.Batch;
    internal override bool Training => source.Training;
    /// <inheritdoc/>
    internal override int RowStride => source.OutputStride;
    internal override bool Saving => source.Saving;
    internal override long Written => base.Written + source.Written; // whichever it has them from: the sum only grows
    Stamp Now => new(Batch.Version, 0, source.Written);
    /// <inheritdoc/>
    internal override int RowSize => source.OutputSize;
    /// <inheritdoc/>
    internal override ArrayView<E> RowView => Alive(dropped ? output!.View : source.Output);
    /// <inheritdoc/>
    internal override ArrayView<E> RowGradients => Alive(source.OutputGradient);

    internal override void CheckRows()
    {
        source.CheckRows();
        if (dropped) run.CheckRan(Now);
    }

    /// <summary>
    /// The training step of the next forward pass: every step has masks of its own. A forward pass of training moves it on by one; a run
    /// that goes on sets it.
    /// </summary>
    public long Step { get; set; }

    /// <summary>Masks the rows, with the masks of <see cref="Step"/>.</summary>
    /// <exception cref="InvalidOperationException">The source has no rows of this batch.</exception>
    public void Forward()
    {
        using Guard.Scope scope = guard.Enter();
        source.CheckRows();
        run.Clear();
        (ranStep, dropped) = (Step, masks is not null && Saving);
        if (dropped) masks!.Apply(Batch, ranStep, OutputSize, OutputStride, source.Output, output!.View);
        RowsWritten();
        run.Ran(Now, Saving);
        if (Saving) Step++;
    }

    /// <summary>The same with the masks of a step that the program counts.</summary>
    /// <param name="step">The training step.</param>
    /// <exception cref="InvalidOperationException">The source has no rows of this batch.</exception>
    public void Forward(long step)
    {
        using Guard.Scope scope = guard.Enter();
        Step = step;
        Forward();
    }

    /// <summary>Masks the gradient where it is, with the masks of the forward pass.</summary>
    /// <exception cref="InvalidOperationException">No forward pass on this batch went before, or a backward pass did already.</exception>
    public void Backward()
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckSaved(Now);
        run.Use();
        masks?.Apply(Batch, ranStep, OutputSize, OutputStride, source.OutputGradient, source.OutputGradient);
        run.Finish();
    }

    /// <inheritdoc/>
    internal override void Close() => guard.Close(() => output?.Dispose());
}
