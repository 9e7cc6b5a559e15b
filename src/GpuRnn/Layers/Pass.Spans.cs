using System.Numerics.Tensors;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    /// <summary>Runs the current batch on arrays of the program.</summary>
    /// <param name="x">[T, B, I].</param>
    /// <param name="y">[T, B, <see cref="Recurrent{E}.OutputSize"/>], or empty.</param>
    /// <exception cref="GpuRnnException">An array has the wrong size.</exception>
    public void Forward(ReadOnlySpan<E> x, Span<E> y)
    {
        using Usage.Scope scope = Enter();
        if (network.Options.IndexInput) throw new GpuRnnException("This network reads indices: pass integers.");
        CheckExact(x.Length, (long)Steps * Sequences * network.InputSize, "x");
        Device.Upload(x, memory.X);
        Finish(y);
    }

    /// <summary>Runs the current batch on indices of the program.</summary>
    /// <param name="indices">[T, B], each from 0 to I - 1; what stands on padding is ignored.</param>
    /// <param name="y">[T, B, <see cref="Recurrent{E}.OutputSize"/>], or empty.</param>
    /// <exception cref="GpuRnnException">An array has the wrong size, or an index is out of range.</exception>
    public void Forward(ReadOnlySpan<int> indices, Span<E> y)
    {
        using Usage.Scope scope = Enter();
        if (!network.Options.IndexInput) throw new GpuRnnException("This network reads numbers: pass x, or make it with IndexInput.");
        CheckExact(indices.Length, (long)Steps * Sequences, "indices");
        batch.CheckIndices(indices, network.InputSize);
        Device.Upload(indices, memory.Index);
        Finish(y);
    }

    void Finish(Span<E> y)
    {
        if (y.Length > 0) CheckExact(y.Length, (long)Steps * Sequences * network.OutputSize, "y");
        Forward();
        Device.Download(Output, y);
    }

    /// <summary>Runs the current batch on tensors of the program; they may be strided.</summary>
    /// <param name="x">[T, B, I], or [B, T, I] if planned so.</param>
    /// <param name="y">The same with the output size.</param>
    public void Forward(in ReadOnlyTensorSpan<E> x, in TensorSpan<E> y)
    {
        CheckTensor(x.Lengths, network.InputSize, "x");
        CheckTensor(y.Lengths, network.OutputSize, "y");
        E[] input = new E[x.FlattenedLength], output = new E[y.FlattenedLength];
        x.FlattenTo(input);
        Forward(input, output);
        new ReadOnlyTensorSpan<E>(output, y.Lengths).CopyTo(y);
    }

    void CheckTensor(ReadOnlySpan<nint> lengths, int size, string what)
    {
        (int first, int second) = options.BatchFirst ? (Sequences, Steps) : (Steps, Sequences);
        if (lengths.Length != 3 || lengths[0] != first || lengths[1] != second || lengths[2] != size)
            throw new GpuRnnException($"{what} is a tensor of {string.Join(" x ", lengths.ToArray())}; the batch needs {first} x {second} x {size}.");
    }
}
