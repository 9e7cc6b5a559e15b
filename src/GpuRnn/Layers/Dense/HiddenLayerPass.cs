using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>A dense layer in the middle of a model: rows in, rows out, at every living step.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class HiddenLayerPass<E> : Source<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Dense<E> layer;
    readonly Source<E> source;
    readonly DenseWork<E> work;
    readonly DeviceArray<E> output;
    readonly DeviceArray<E>? outputGradient, gradient;
    readonly Items<ActivationArguments<E>> slope;
    readonly Guard guard;
    Run run;

    internal HiddenLayerPass(Dense<E> layer, Source<E> source)
    {
        (this.layer, this.source) = (layer, source);
        guard = new(this, source.Usage, layer.Guard, source.Guard);
        work = new(layer, source, Loss.None, false);
        long numbers = (long)work.MostRows * work.Stride;
        output = work.New<E>(numbers, Contents.Zeros); // a dropout masks rows of padding too
        slope = Items<ActivationArguments<E>>.OverLanes<E>(
            source.Device, typeof(ActivationGradient<,,,>), DenseKernels<E>.TypeOf(layer.Activation));
        if (!source.Training) return;
        outputGradient = work.New<E>(numbers, Contents.Zeros); // behind a row's elements it stays so
        gradient = work.New<E>(numbers);
    }

    /// <inheritdoc/>
    internal override Device RowDevice => source.Device;
    internal override Usage Usage => source.Usage;
    internal override Guard Guard => guard;
    internal override Batch Batch => source.Batch;
    internal override bool Training => source.Training;
    internal override bool Saving => source.Saving;
    /// <inheritdoc/>
    internal override int RowStride => work.Stride;
    /// <inheritdoc/>
    internal override int RowSize => layer.OutputSize;
    /// <inheritdoc/>
    internal override ArrayView<E> RowView => Alive(output.View);
    /// <inheritdoc/>
    internal override ArrayView<E> RowGradients => Alive(outputGradient?.View ?? default);

    Stamp Now => new(Batch.Version, layer.Parameters.Version, source.Written);

    internal override void CheckRows()
    {
        source.CheckRows();
        run.CheckRan(Now);
    }

    /// <exception cref="InvalidOperationException">The rows were made with other weights.</exception>
    internal void CheckWeights() => run.CheckWeights(Now);

    /// <summary>From the source's rows to <see cref="Source{E}.Output"/>.</summary>
    /// <exception cref="InvalidOperationException">The source has no rows of this batch.</exception>
    public void Forward()
    {
        using Guard.Scope scope = guard.Enter();
        source.CheckRows();
        run.Clear();
        work.Refresh();
        (work.Arguments.Y, work.Arguments.PlaceOf) = (output.Buffer, work.RowOf);
        work.Forward();
        RowsWritten();
        run.Ran(Now, Saving);
    }

    /// <summary>From <see cref="Source{E}.OutputGradient"/> to the source's gradient and those of the parameters.</summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    /// <param name="addToSource">Is the source's gradient added to what is there, because others read the source too?</param>
    /// <exception cref="InvalidOperationException">No forward pass for training went before this one backward pass, or the weights or
    /// the source's rows have changed since.</exception>
    public void Backward(bool accumulate = false, bool addToSource = false)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckSaved(Now);
        run.Use();
        slope.Run(new()
        {
            Rows = work.Rows.Length, Stride = work.Stride, RowOf = work.RowOf, Y = output.Buffer, Dy = outputGradient!.Buffer,
            Dz = gradient!.Buffer,
        });
        work.Backward(gradient!.Buffer, accumulate, addToSource);
        run.Finish();
    }

    /// <inheritdoc/>
    internal override void Close() => guard.Close(work.Free);
}
