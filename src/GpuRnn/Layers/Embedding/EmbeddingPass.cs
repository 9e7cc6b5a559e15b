using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// An embedding in front of a pass: writes the pass's input from indices, and makes its table's gradient of the input's gradient,
/// summed in the order of the rows: the same bits on every run.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class EmbeddingPass<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Embedding<E> layer;
    readonly Pass<E> pass;
    readonly Items<EmbeddingArguments<E>> lookup, gradient;
    readonly DeviceArray<int> order, starts, index;
    readonly int[] rows, sorted, sortedIndex, begin;
    readonly Guard guard;
    EmbeddingArguments<E> a;
    Run run;
    long written;

    internal EmbeddingPass(Embedding<E> layer, Pass<E> pass)
    {
        (this.layer, this.pass) = (layer, pass);
        guard = new(this, layer.Parameters.Usage, layer.Parameters.Guard, pass.Guard);
        Device device = pass.Device;
        if (pass.InputSize != layer.Size)
            throw new BadArgumentException($"The embedding gives {layer.Size} numbers a step; the network reads {pass.InputSize}.");
        int most = pass.MaxSteps * pass.MaxSequences;
        (rows, sorted, sortedIndex, begin) = (new int[most], new int[most], new int[most], new int[layer.Vocabulary + 1]);
        (order, starts, index) = (new(device, most), new(device, layer.Vocabulary + 1), new(device, most));
        lookup = Items<EmbeddingArguments<E>>.OverLanes<E>(device, typeof(EmbeddingLookup<,,>));
        gradient = Items<EmbeddingArguments<E>>.OverLanes<E>(device, typeof(EmbeddingGradient<,,>));
        (a.V, a.D, a.Order, a.Starts, a.Index) = (layer.Vocabulary, layer.Size, order.Buffer, starts.Buffer, index.Buffer);
    }

    Parameters<E> Parameters => layer.Parameters;
    // the gradient does not depend on the table's values: they may change meanwhile
    Stamp Now => new(pass.Batch.Version, 0);

    /// <summary>Writes the pass's input.</summary>
    /// <param name="indices">[T, B], each from 0 to V - 1; what stands on padding is ignored.</param>
    /// <exception cref="BadArgumentException">The wrong number of them, or one out of range.</exception>
    public void Forward(ReadOnlySpan<int> indices)
    {
        using Guard.Scope scope = guard.Enter();
        if (indices.Length != pass.Steps * pass.Sequences)
            throw new BadArgumentException($"There are {indices.Length} indices; the batch needs {pass.Steps * pass.Sequences}.");
        pass.Batch.CheckIndices(indices, layer.Vocabulary);
        run.Clear();
        ArrayView<E> x = pass.TakeInput();
        written = pass.InputVersion;
        a.Rows = pass.Batch.ListRows(rows, false);
        Sort(indices);
        Device device = pass.Device;
        device.Upload<int>(sorted.AsSpan(0, a.Rows), order.View);
        device.Upload<int>(sortedIndex.AsSpan(0, a.Rows), index.View);
        if (pass.Training) device.Upload<int>(begin, starts.View);
        (a.Table, a.X) = (device.Buffer(Parameters.ValueOf(layer.Weight)), device.Buffer(x));
        lookup.Run(a);
        run.Ran(Now, pass.Saving);
    }

    /// <summary>Rows by index, those of an index in their order (a counting sort).</summary>
    void Sort(ReadOnlySpan<int> indices)
    {
        Array.Clear(begin);
        for (int i = 0; i < a.Rows; i++) begin[indices[rows[i]]]++;
        for (int v = 0, sum = 0; v <= layer.Vocabulary; v++) (begin[v], sum) = (sum, sum + begin[v]);
        for (int i = 0; i < a.Rows; i++)
        {
            int at = begin[indices[rows[i]]]++;
            (sorted[at], sortedIndex[at]) = (rows[i], indices[rows[i]]);
        }
        for (int v = layer.Vocabulary; v > 0; v--) begin[v] = begin[v - 1];
        begin[0] = 0;
    }

    /// <summary>The table's gradient, from <see cref="Pass{E}.InputGradient"/>.</summary>
    /// <param name="accumulate">Is it added to what is there? Of a table that other layers share it has to be.</param>
    /// <exception cref="InvalidOperationException">No forward pass on this batch went before this one backward pass, or the pass has no
    /// gradient of its input from these rows.</exception>
    public void Backward(bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckSaved(Now);
        pass.CheckInputGradient();
        pass.CheckRanOn(written);
        run.Use();
        a.Add = accumulate ? 1 : 0;
        (a.Table, a.X) = (pass.Device.Buffer(Parameters.GradientOf(layer.Weight)), pass.Device.Buffer(pass.InputGradient));
        gradient.Run(a);
        run.Finish();
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(() =>
    {
        order.Dispose();
        starts.Dispose();
        index.Dispose();
    });
}
