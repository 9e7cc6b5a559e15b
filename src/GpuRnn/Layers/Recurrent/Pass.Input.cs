using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    PassInput<E> input, ranInput;
    long inputVersion, ranInputVersion;

    PassInput<E> OwnInput => new(memory.X, memory.Index, network.InputSize, null);

    /// <summary>
    /// [T, B, I] The pass's own input on the device: write here, or give a view of your own to <see cref="UseInput(ArrayView{E})"/>.
    /// Between a forward and its backward pass leave it as it is.
    /// </summary>
    public ArrayView<E> Input => Alive(memory.X);

    /// <summary>[T, B] The same for networks that read indices.</summary>
    public ArrayView<int> Indices => Alive(memory.Index);

    /// <summary>
    /// Forward passes read the input where it is on the device, without a copy, until it is given in another way. For the pass's own memory
    /// again, give <see cref="Input"/>.
    /// </summary>
    /// <param name="x">[T, B, I] of every batch that is run on it; must stay alive and, between a forward and its backward pass, as it
    /// is.</param>
    /// <exception cref="BadArgumentException">It is too short for the current batch, of another device, or the network reads
    /// indices.</exception>
    public void UseInput(ArrayView<E> x)
    {
        using Guard.Scope scope = guard.Enter();
        CheckKind(indices: false);
        GivenView.Check(Device, x, (long)Steps * Sequences * network.InputSize, "x");
        Give(new(x, default, network.InputSize, null));
    }

    /// <summary>
    /// Forward passes read the rows of a source, such as a dense layer over <see cref="InputRows{E}"/>, until input is given in another
    /// way; a backward pass writes the source's gradient.
    /// </summary>
    /// <param name="source">Rows of I numbers over this pass's own batches.</param>
    /// <exception cref="BadArgumentException">The rows are of another size, or of other batches, or the network reads indices.</exception>
    public void UseInput(Source<E> source)
    {
        using Guard.Scope scope = guard.Enter();
        ArgumentNullException.ThrowIfNull(source);
        CheckKind(indices: false);
        if (source.OutputSize != network.InputSize)
            throw new BadArgumentException($"The source gives {source.OutputSize} numbers a step; the network reads {network.InputSize}.");
        if (source.Batch != batch) throw new BadArgumentException("The source has rows of other batches than this pass.");
        if (source == this) throw new BadArgumentException("A pass cannot read its own output.");
        Give(new(source.Output, default, source.OutputStride, source));
    }

    /// <summary>The same as <see cref="UseInput(ArrayView{E})"/> for indices.</summary>
    /// <remarks>
    /// What is on the device is not looked at: an index below 0 or from I on reads, and in the backward pass writes, memory that is not its
    /// own. Indices from outside go through <see cref="Forward(ReadOnlySpan{int}, Span{E})"/>, which checks.
    /// </remarks>
    /// <param name="indices">[T, B]; each from 0 to I - 1.</param>
    /// <exception cref="BadArgumentException">There are too few for the current batch, they are of another device, or the network reads
    /// numbers.</exception>
    public void UseInput(ArrayView<int> indices)
    {
        using Guard.Scope scope = guard.Enter();
        CheckKind(indices: true);
        GivenView.Check(Device, indices, (long)Steps * Sequences, "indices");
        Give(new(default, indices, network.InputSize, null));
    }

    /// <summary>Counts how often input was given: a part that writes it knows by that whether a run was on its rows.</summary>
    internal long InputVersion => inputVersion;

    void Give(in PassInput<E> given) => (input, inputVersion) = (given, inputVersion + 1);

    /// <summary>The pass's own input for another part that writes it: the run that read it is over.</summary>
    internal ArrayView<E> TakeInput()
    {
        CheckKind(indices: false);
        run.Clear();
        Give(OwnInput);
        return memory.X;
    }

    internal void CheckKind(bool indices)
    {
        if (network.Options.IndexInput != indices)
            throw new BadArgumentException(indices
                ? "This network reads numbers: pass x, or make it with IndexInput."
                : "This network reads indices: pass integers.");
    }
}
