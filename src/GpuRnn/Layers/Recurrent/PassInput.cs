using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>Where a pass reads its input: one at a time, set by every way of giving it and checked where it is used.</summary>
/// <param name="X">[T, B, I] Numbers; empty for indices.</param>
/// <param name="Index">[T, B] Indices; empty for numbers.</param>
/// <param name="Stride">Elements between rows of X.</param>
/// <param name="Source">The part whose rows X are; null for the pass's own memory and views of the program.</param>
readonly record struct PassInput<E>(ArrayView<E> X, ArrayView<int> Index, int Stride, Source<E>? Source)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>The version of its rows.</summary>
    public long Written => Source?.Written ?? 0;

    /// <summary>Is what was read still there, for a backward pass that reads it again?</summary>
    public void CheckAlive(Recurrent<E> network)
    {
        Source?.Guard.ThrowIfDisposed();
        if (network.Options.IndexInput) GivenView.Check(network.Device, Index, 0, "indices");
        else GivenView.Check(network.Device, X, 0, "x");
    }

    /// <summary>May a batch of so many rows be run on it?</summary>
    public void Check(Recurrent<E> network, long rows)
    {
        Source?.Guard.ThrowIfDisposed();
        Source?.CheckRows();
        if (network.Options.IndexInput) GivenView.Check(network.Device, Index, rows, "indices");
        else GivenView.Check(network.Device, X, Source is null ? rows * Stride : (rows - 1) * Stride + network.InputSize, "x");
    }
}
