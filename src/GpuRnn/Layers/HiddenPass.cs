using GpuRnn.Devices;
using GpuRnn.Kernels.Rows;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>A dense layer in the middle of a model: rows in, rows out, at every living step.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class HiddenPass<E> : Source<E> where E : unmanaged
{
    readonly Dense<E> layer;
    readonly Source<E> source;
    readonly DenseWork<E> work;
    readonly DeviceArray<E> output;
    readonly DeviceArray<E>? outputGradient, gradient;
    readonly Items<ActivationArguments<E>> slope;
    bool ran;

    internal HiddenPass(Dense<E> layer, Source<E> source)
    {
        (this.layer, this.source) = (layer, source);
        work = new(layer, source, Loss.None, false);
        long numbers = (long)work.MostRows * work.Stride;
        output = work.New<E>(numbers);
        slope = Items<ActivationArguments<E>>.OverLanes<E>(source.Device, typeof(ActivationGradient<,,,>), DenseKernels<E>.TypeOf(layer.Activation));
        if (!source.Training) return;
        outputGradient = work.New<E>(numbers);
        gradient = work.New<E>(numbers);
    }

    internal override Device Device => source.Device;
    internal override Usage Usage => source.Usage;
    internal override Batch Batch => source.Batch;
    internal override bool Training => source.Training;
    internal override int OutputStride => work.Stride;
    /// <inheritdoc/>
    public override int OutputSize => layer.OutputSize;
    /// <inheritdoc/>
    public override ArrayView<E> Output => output.View;
    /// <inheritdoc/>
    public override ArrayView<E> OutputGradient => outputGradient?.View ?? default;

    /// <summary>From the source's rows to <see cref="Output"/>.</summary>
    public void Forward()
    {
        using Usage.Scope scope = Usage.Enter();
        work.Refresh();
        (work.Arguments.Y, work.Arguments.PlaceOf) = (output.Buffer, work.RowOf);
        work.Forward();
        ran = true;
    }

    /// <summary>From <see cref="OutputGradient"/> to the source's gradient and those of the parameters.</summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    /// <param name="addToSource">Is the source's gradient added to what is there, because others read the source too?</param>
    public void Backward(bool accumulate = false, bool addToSource = false)
    {
        using Usage.Scope scope = Usage.Enter();
        if (!ran) throw new InvalidOperationException("No forward pass went before.");
        if (gradient is null) throw new InvalidOperationException("The pass was planned for inference. Plan it with Training = true.");
        slope.Run(new()
        {
            Rows = work.Rows.Length, Stride = work.Stride, RowOf = work.RowOf, Y = output.Buffer, Dy = outputGradient!.Buffer, Dz = gradient.Buffer,
        });
        work.Backward(gradient.Buffer, accumulate, addToSource);
    }

    /// <inheritdoc/>
    public override void Dispose() => work.Dispose();
}
