using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Kernels.Workers;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>What all passes of a dense layer share: the list of rows that they work on, scratch memory, and the launches.</summary>
sealed class DenseWork<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Dense<E> layer;
    readonly Source<E> source;
    readonly bool lastOnly;
    readonly DenseKernels<E> kernels;
    readonly List<IDisposable> memory = [];
    readonly DeviceArray<int> rowOf, targetOf;
    readonly int[] rows, targetRows;
    long batch = -1;

    public DenseWork(Dense<E> layer, Source<E> source, Loss loss, bool lastOnly)
    {
        (this.layer, this.source, this.lastOnly) = (layer, source, lastOnly);
        kernels = layer.KernelsFor(loss);
        MostRows = lastOnly ? source.MaxSequences : source.MaxSteps * source.MaxSequences;
        int panel = 4 * kernels.Width;
        Stride = (layer.OutputSize + panel - 1) / panel * panel;
        if ((long)MostRows * Stride > int.MaxValue)
            throw new BadArgumentException(
                $"{MostRows} rows of {layer.OutputSize} outputs are more than 2^31 numbers. Plan fewer steps or sequences.");
        rows = new int[MostRows];
        targetRows = lastOnly ? new int[MostRows] : rows;
        rowOf = New<int>(MostRows);
        targetOf = lastOnly ? New<int>(MostRows) : rowOf;
        Arguments.OutputStride = Stride;
        if (!source.Training) return;
        DenseSizes sizes = Device.Backend.DenseSizes(layer.InputSize, Stride, kernels.Width);
        (Arguments.ScratchStride, Arguments.Scratch) = (sizes.ScratchStride, New<E>(sizes.Scratch).Buffer);
        (Arguments.DPacked, Arguments.DBiasPacked) = (New<E>(sizes.Weights).Buffer, New<E>(sizes.Bias).Buffer);
    }

    public OutputArguments<E> Arguments;

    /// <summary>What the loss compares outputs with.</summary>
    public TargetKind Target => kernels.Target;
    /// <summary>What the loss multiplies a row by.</summary>
    public double LossScale => kernels.ScaleOf(layer.OutputSize);

    public Device Device => layer.Parameters.Device;
    /// <summary>Rows, at most.</summary>
    public int MostRows { get; }
    /// <summary>Elements between rows of outputs.</summary>
    public int Stride { get; }
    /// <summary>The current rows, as rows of the source's arrays.</summary>
    public ReadOnlySpan<int> Rows => rows.AsSpan(0, Arguments.Rows);

    /// <summary>Where targets and what is read of each of <see cref="Rows"/> lie in the program's arrays: [T, B, ...], or [B, ...] of last
    /// steps.</summary>
    public ReadOnlySpan<int> TargetRows => targetRows.AsSpan(0, Arguments.Rows);

    /// <summary>Rows of the program's arrays: those of every step and sequence, padding too, or one a sequence.</summary>
    public int TargetCount => lastOnly ? source.Sequences : source.Steps * source.Sequences;

    public Buffer<int> RowOf => rowOf.Buffer;

    public DeviceArray<T> New<T>(long length, Contents contents = Contents.Nothing) where T : unmanaged
    {
        DeviceArray<T> array = new(Device, length, contents);
        memory.Add(array);
        return array;
    }

    /// <summary>Takes the rows of the source's batch.</summary>
    public void Refresh()
    {
        if (batch == source.Batch.Version) return;
        batch = source.Batch.Version;
        Arguments.Rows = source.Batch.ListRows(rows, lastOnly);
        Device.Upload<int>(rows.AsSpan(0, Arguments.Rows), rowOf.View);
        if (!lastOnly) return;
        for (int i = 0; i < Arguments.Rows; i++) targetRows[i] = source.Batch.SequenceOf(rows[i]);
        Device.Upload<int>(targetRows.AsSpan(0, Arguments.Rows), targetOf.View);
    }

    public void Forward()
    {
        layer.Fill(ref Arguments, source.Training);
        (Arguments.RowOf, Arguments.TargetOf) = (rowOf.Buffer, targetOf.Buffer);
        (Arguments.A, Arguments.Stride) = (Device.Buffer(source.Output), source.OutputStride);
        kernels.Forward(Config(), Arguments);
    }

    /// <summary>From the gradient of the outputs, by row, to that of the source and of the parameters.</summary>
    public void Backward(Buffer<E> gradient, bool accumulate, bool addToSource)
    {
        (Arguments.AddDw, Arguments.AddDa) = (accumulate ? 1 : 0, addToSource ? 1 : 0);
        (Arguments.Y, Arguments.Da) = (gradient, Device.Buffer(source.OutputGradient));
        if (lastOnly && !addToSource) Device.Clear(source.OutputGradient);
        kernels.Backward(Config(), Arguments);
    }

    KernelConfig Config() => Device.Backend.Rows(Arguments.Rows, Arguments.K, Arguments.V);

    public void Free() => memory.ForEach(m => m.Dispose());
}
