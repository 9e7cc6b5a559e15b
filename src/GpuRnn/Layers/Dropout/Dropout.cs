using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// Dropout on the rows of a source, for whoever reads them; behind a source that was planned for inference it passes them on as they are.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Dropout<E> : Source<E> where E : unmanaged
{
    readonly Source<E> source;
    readonly Guard guard;
    readonly DropoutMasks<E>? masks;
    readonly DeviceArray<E>? output;
    Run run;
    long ranStep;

    /// <summary>Plans it.</summary>
    /// <param name="source">Whose rows.</param>
    /// <param name="options">How many numbers are left out.</param>
    /// <param name="place"> A number of its own for every dropout of a model, for the same place has the same masks; null for one that
    /// the model hands out: 100 and what follows for dropouts over the first network that was declared, 200 over the second, in the
    /// order in which they are planned. The layers of recurrent networks have those from 0 on.
    /// </param>
    public Dropout(Source<E> source, DropoutOptions options, int? place = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        this.source = source;
        guard = new(this, source.Usage, source.Guard);
        using Guard.Scope scope = guard.Enter();
        int taken = place ?? source.Batch.TakePlace();
        if (!source.Training || options.Rate == 0) return;
        masks = new(source.Device, options, taken);
        output = new(source.Device, (long)source.MaxSteps * source.MaxSequences * source.OutputStride);
    }

    internal override Device Device => source.Device;
    internal override Usage Usage => source.Usage;
    internal override Guard Guard => guard;
    internal override Batch Batch => source.Batch;
    internal override bool Training => source.Training;
    internal override int OutputStride => source.OutputStride;
    internal override long Written => masks is null ? source.Written : base.Written;
    Stamp Now => new(Batch.Version, 0, source.Written);
    /// <inheritdoc/>
    public override int OutputSize => source.OutputSize;
    /// <inheritdoc/>
    public override ArrayView<E> Output => Alive(output?.View ?? source.Output);
    /// <inheritdoc/>
    public override ArrayView<E> OutputGradient => Alive(source.OutputGradient);

    internal override void CheckRows()
    {
        source.CheckRows();
        if (masks is not null) run.CheckRan(Now);
    }

    /// <summary>Masks the rows.</summary>
    /// <param name="step">The training step: every step has masks of its own.</param>
    /// <exception cref="InvalidOperationException">The source has no rows of this batch.</exception>
    public void Forward(long step)
    {
        using Guard.Scope scope = guard.Enter();
        source.CheckRows();
        run.Clear();
        ranStep = step;
        masks?.Apply(Batch, step, OutputSize, OutputStride, source.Output, output!.View);
        RowsWritten();
        run.Ran(Now, Training);
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
    public override void Dispose() => guard.Close(() => output?.Dispose());
}
