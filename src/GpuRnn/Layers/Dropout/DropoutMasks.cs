using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>The masks of one place in a model, over the rows of a batch.</summary>
sealed class DropoutMasks<E>(Device device, DropoutOptions options, int place) where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Items<DropoutArguments<E>> work = Items<DropoutArguments<E>>.OverNumbers<E>(device, typeof(Dropout<,,>));

    /// <summary>to = mask * from; they may be the same.</summary>
    public void Apply(Batch batch, long step, int size, int stride, ArrayView<E> from, ArrayView<E> to)
    {
        int rows = batch.Steps * batch.Sequences;
        DropoutArguments<E> a = new()
        {
            Rows = rows, Size = size, Stride = stride, Scale = Element.Of<E>(1 / (1 - options.Rate)),
            Threshold = (uint)Math.Min(uint.MaxValue, options.Rate * 4294967296.0),
            From = device.Buffer(from), To = device.Buffer(to),
        };
        (a.Divide, a.Modulo) = !options.Variational ? (1, rows) : batch.BatchFirst ? (batch.Steps, rows) : (1, batch.Sequences);
        (a.Key0, a.Key1) = options.Key(place, step);
        work.Run(a);
    }
}
