using GpuRnn.Devices;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// A part of a model that gives a row of numbers for every step of every sequence of a batch: a recurrent pass, a dense layer, attention.
/// Other parts read its rows and write their gradient. Whoever planned it disposes it. A program writes its own as a
/// <see cref="CustomSource{E}"/>.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public abstract class Source<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    long written;

    private protected Source() { }

    /// <summary>Where it runs.</summary>
    public Device Device => RowDevice;
    internal abstract Device RowDevice { get; }
    internal abstract Usage Usage { get; }
    internal abstract Guard Guard { get; }
    /// <summary>The batch whose steps it has rows for.</summary>
    internal abstract Batch Batch { get; }
    /// <summary>Is it planned for a backward pass?</summary>
    internal abstract bool Training { get; }
    /// <summary>May a backward pass follow the next forward pass? Not while a training plan is evaluated.</summary>
    internal abstract bool Saving { get; }
    /// <summary>Elements between rows, at least <see cref="OutputSize"/>.</summary>
    public int OutputStride => RowStride;
    internal virtual int RowStride => RowSize;

    /// <summary>Counts how often the rows were written: who needs them again compares.</summary>
    internal virtual long Written => written;

    private protected void RowsWritten() => written++;

    /// <exception cref="InvalidOperationException">The rows are not of the current batch and of what stands before them.</exception>
    internal abstract void CheckRows();

    /// <summary>T, at most.</summary>
    public int MaxSteps => Batch.MaxSteps;
    /// <summary>B, at most.</summary>
    public int MaxSequences => Batch.MaxSequences;
    /// <summary>T of the arrays of the current batch.</summary>
    public int Steps => Batch.Steps;
    /// <summary>B of the current batch.</summary>
    public int Sequences => Batch.Sequences;

    /// <summary>Elements of a row.</summary>
    public int OutputSize => RowSize;
    internal abstract int RowSize { get; }
    /// <summary>[T, B, ...] The rows on the device.</summary>
    public ArrayView<E> Output => RowView;
    internal abstract ArrayView<E> RowView { get; }
    /// <summary>[T, B, ...] Their gradient on the device; empty if no backward pass was planned.</summary>
    public ArrayView<E> OutputGradient => RowGradients;
    internal abstract ArrayView<E> RowGradients { get; }

    private protected ArrayView<T> Alive<T>(ArrayView<T> view) where T : unmanaged
    {
        Guard.ThrowIfDisposed();
        return view;
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => Close();
    internal abstract void Close();
}
