using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>Rows of the program's numbers over the batches of a pass, for layers that stand before the recurrent ones.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class InputRows<E> : Source<E> where E : unmanaged
{
    readonly Pass<E> pass;
    readonly DeviceArray<E> rows;

    /// <summary>Memory for the rows of the largest batch.</summary>
    /// <param name="pass">Whose batches.</param>
    /// <param name="size">Numbers a row.</param>
    public InputRows(Pass<E> pass, int size)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (size < 1) throw new GpuRnnException($"Rows of {size} numbers cannot be: at least 1.");
        (this.pass, OutputSize) = (pass, size);
        rows = new(pass.Device, (long)pass.MaxSteps * pass.MaxSequences * size);
    }

    internal override Device Device => pass.Device;
    internal override Usage Usage => pass.Usage;
    internal override Batch Batch => pass.Batch;
    internal override bool Training => pass.Training;
    /// <inheritdoc/>
    public override int OutputSize { get; }
    /// <inheritdoc/>
    public override ArrayView<E> Output => rows.View;
    /// <summary>None: nobody asks for the gradient of data.</summary>
    public override ArrayView<E> OutputGradient => default;

    /// <summary>Takes a batch's rows.</summary>
    /// <param name="x">[T, B, size], or [B, T, size] if the pass is planned so.</param>
    /// <exception cref="GpuRnnException">The wrong number of them.</exception>
    public void Set(ReadOnlySpan<E> x)
    {
        using Usage.Scope scope = Usage.Enter();
        long expected = (long)pass.Steps * pass.Sequences * OutputSize;
        if (x.Length != expected) throw new GpuRnnException($"There are {x.Length} numbers; the batch needs {expected}.");
        Device.Upload(x, rows.View);
    }

    /// <inheritdoc/>
    public override void Dispose() => rows.Dispose();
}
