using System.Diagnostics;
using System.Numerics.Tensors;
using GpuRnn.Kernels.Workers;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    long ranDropoutStep;

    /// <summary>
    /// The step of the next forward pass, which says what <see cref="PassOptions.Dropout"/> leaves out: every step has masks of its
    /// own. A forward pass of a training plan moves it on by one; a run that goes on sets it. The backward pass uses the masks of its
    /// forward pass.
    /// </summary>
    public long DropoutStep { get; set; }

    /// <summary>
    /// Is a training plan run as a plan for inference is: nothing is dropped, and no backward pass follows? May be set between a backward
    /// and the next forward pass; other parts of the model behind this pass go by it.
    /// </summary>
    public bool Evaluating { get; set; }

    /// <summary>[T, B, <see cref="Recurrent{E}.OutputSize"/>] The output of the last layer on the device.</summary>
    internal override ArrayView<E> RowView => Alive(memory.Outputs[^1]);

    /// <summary>[layers * directions, B, R] The final h on the device.</summary>
    public ArrayView<E> FinalH => Alive(memory.Hn);

    /// <summary>[layers * directions, B, H] The final c on the device; empty for cells that have none.</summary>
    public ArrayView<E> FinalC => Alive(memory.Cn);

    Stamp Now => new(batch.Version, network.Parameters.Version, ranInput.Written);

    internal override void CheckRows() => run.CheckRan(Now);

    /// <summary>
    /// Runs the forward pass on what is on the device: the input (<see cref="Input"/>, or what <see cref="UseInput(ArrayView{E})"/> was
    /// given) and the initial states, to <see cref="Source{E}.Output"/> and the final states.
    /// </summary>
    /// <exception cref="BadArgumentException">The input does not fit the batch.</exception>
    /// <exception cref="InvalidOperationException">A source has no rows of this batch, or a store is not as it was when it was
    /// bound.</exception>
    public void Forward()
    {
        using Guard.Scope scope = guard.Enter();
        Run();
    }

    /// <summary>Runs the current batch on arrays of the program.</summary>
    /// <param name="x">[T, B, I].</param>
    /// <param name="y">[T, B, <see cref="Recurrent{E}.OutputSize"/>], or empty.</param>
    /// <exception cref="BadArgumentException">An array has the wrong size.</exception>
    public void Forward(ReadOnlySpan<E> x, Span<E> y)
    {
        using Guard.Scope scope = guard.Enter();
        CheckKind(indices: false);
        CheckExact(x.Length, (long)Steps * Sequences * network.InputSize, "x");
        CheckOutput(y);
        origin.Check();
        run.Clear();
        Device.Upload(x, memory.X);
        Give(OwnInput);
        Run();
        Device.Download(memory.Outputs[^1], y);
    }

    /// <summary>The same into an array of its own.</summary>
    /// <param name="x">[T, B, I].</param>
    /// <returns>[T, B, <see cref="Recurrent{E}.OutputSize"/>].</returns>
    /// <exception cref="BadArgumentException">x has the wrong size.</exception>
    public E[] Forward(ReadOnlySpan<E> x)
    {
        E[] y = new E[Steps * Sequences * network.OutputSize];
        Forward(x, y);
        return y;
    }

    /// <summary>The same on indices.</summary>
    /// <param name="indices">[T, B], each from 0 to I - 1; what stands on padding is ignored.</param>
    /// <returns>[T, B, <see cref="Recurrent{E}.OutputSize"/>].</returns>
    /// <exception cref="BadArgumentException">There are too many or too few, or an index is out of range.</exception>
    public E[] Forward(ReadOnlySpan<int> indices)
    {
        E[] y = new E[Steps * Sequences * network.OutputSize];
        Forward(indices, y);
        return y;
    }

    /// <summary>Runs the current batch on indices of the program.</summary>
    /// <param name="indices">[T, B], each from 0 to I - 1; what stands on padding is ignored.</param>
    /// <param name="y">[T, B, <see cref="Recurrent{E}.OutputSize"/>], or empty.</param>
    /// <exception cref="BadArgumentException">An array has the wrong size, or an index is out of range.</exception>
    public void Forward(ReadOnlySpan<int> indices, Span<E> y)
    {
        using Guard.Scope scope = guard.Enter();
        CheckKind(indices: true);
        CheckExact(indices.Length, (long)Steps * Sequences, "indices");
        batch.CheckIndices(indices, network.InputSize);
        CheckOutput(y);
        origin.Check();
        run.Clear();
        Device.Upload(indices, memory.Index);
        Give(OwnInput);
        Run();
        Device.Download(memory.Outputs[^1], y);
    }

    /// <summary>Runs the current batch on tensors of the program; they may be strided.</summary>
    /// <param name="x">[T, B, I], or [B, T, I] if planned so.</param>
    /// <param name="y">The same with the output size.</param>
    public void Forward(in ReadOnlyTensorSpan<E> x, in TensorSpan<E> y)
    {
        using Guard.Scope scope = guard.Enter();
        CheckTensor(x.Lengths, network.InputSize, "x");
        CheckTensor(y.Lengths, network.OutputSize, "y");
        E[] numbers = new E[x.FlattenedLength], output = new E[y.FlattenedLength];
        x.FlattenTo(numbers);
        Forward(numbers, output);
        new ReadOnlyTensorSpan<E>(output, y.Lengths).CopyTo(y);
    }

    /// <summary>Everything is checked before anything is done: a refused call changes nothing.</summary>
    void Run()
    {
        input.Check(network, (long)Steps * Sequences);
        origin.Check();
        using Activity? activity = Telemetry.Begin("forward");
        activity?.SetTag("steps", batch.Rows);
        Telemetry.Stepped(batch.Rows, backward: false);
        run.Clear();
        (ranInput, ranInputVersion, ranOrigin, ranOriginVersion, ranDropoutStep) = (
            input, inputVersion, origin, originVersion, DropoutStep);
        using DenormalScope several = Device.Backend.Several();
        foreach (LayerPass<E> pass in passes[0]) pass.Input(input.X, input.Index, input.Stride);
        FetchStates();
        for (int l = 0; l < passes.Length; l++)
        {
            for (int d = 0; d < passes[l].Length; d++)
            {
                if (l > 0 && memory.Masks.Length > 0)
                    passes[l][d].Input((Saving ? memory.Dropped : memory.Outputs)[l - 1], default, network.OutputSize);
                States(passes[l][d], l * network.DirectionCount + d);
                passes[l][d].Forward();
            }
            memory.Sum(l, Steps * Sequences);
            if (Saving && l < memory.Masks.Length) Mask(l, memory.Outputs[l], memory.Dropped[l]);
        }
        ReturnStates();
        RowsWritten();
        run.Ran(Now, Saving);
        finalSequences = StatesAreInStore ? 0 : Sequences;
        if (Saving) DropoutStep++;
    }

    void Mask(int layer, ArrayView<E> from, ArrayView<E> to) =>
        memory.Masks[layer].Apply(batch, ranDropoutStep, network.OutputSize, network.OutputSize, from, to);

    void CheckOutput(Span<E> y)
    {
        if (y.Length > 0) CheckExact(y.Length, (long)Steps * Sequences * network.OutputSize, "y");
    }

    void CheckTensor(ReadOnlySpan<nint> lengths, int size, string what)
    {
        (int first, int second) = options.BatchFirst ? (Sequences, Steps) : (Steps, Sequences);
        if (lengths.Length != 3 || lengths[0] != first || lengths[1] != second || lengths[2] != size)
            throw new BadArgumentException(
                $"{what} is a tensor of {string.Join(" x ", lengths.ToArray())}; the batch needs {first} x {second} x {size}.");
    }

    static void CheckExact(long length, long expected, string what)
    {
        if (length != expected) throw new BadArgumentException($"{what} has {length} elements; the batch needs {expected}.");
    }
}
