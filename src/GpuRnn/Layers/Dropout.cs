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
    readonly DropoutMasks<E>? masks;
    readonly DeviceArray<E>? output;
    long ran;

    /// <summary>Plans it.</summary>
    /// <param name="source">Whose rows.</param>
    /// <param name="options">How many numbers are left out.</param>
    /// <param name="place">A number of its own for every dropout of a model; recurrent layers take those from 0 on, one each.</param>
    public Dropout(Source<E> source, DropoutOptions options, int place = 100)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        this.source = source;
        if (!source.Training || options.Rate == 0) return;
        masks = new(source.Device, options, place);
        output = new(source.Device, (long)source.MaxSteps * source.MaxSequences * source.OutputStride);
    }

    internal override Device Device => source.Device;
    internal override Usage Usage => source.Usage;
    internal override Batch Batch => source.Batch;
    internal override bool Training => source.Training;
    internal override int OutputStride => source.OutputStride;
    /// <inheritdoc/>
    public override int OutputSize => source.OutputSize;
    /// <inheritdoc/>
    public override ArrayView<E> Output => output?.View ?? source.Output;
    /// <inheritdoc/>
    public override ArrayView<E> OutputGradient => source.OutputGradient;

    /// <summary>Masks the rows.</summary>
    /// <param name="step">The training step: every step has masks of its own.</param>
    public void Forward(long step)
    {
        using Usage.Scope scope = Usage.Enter();
        ran = step;
        masks?.Apply(Batch, step, OutputSize, OutputStride, source.Output, output!.View);
    }

    /// <summary>Masks the gradient where it is.</summary>
    public void Backward()
    {
        using Usage.Scope scope = Usage.Enter();
        masks?.Apply(Batch, ran, OutputSize, OutputStride, source.OutputGradient, source.OutputGradient);
    }

    /// <inheritdoc/>
    public override void Dispose() => output?.Dispose();
}
