using GpuRnn.Devices;
using GpuRnn.Kernels.Rows;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// An embedding in front of a pass: writes the pass's input from indices, and makes its table's gradient of the input's gradient, summed in the
/// order of the rows: the same bits on every run.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class EmbeddingPass<E> : IDisposable where E : unmanaged
{
    readonly Embedding<E> layer;
    readonly Pass<E> pass;
    readonly Items<EmbeddingArguments<E>> lookup, gradient;
    readonly DeviceArray<int> order, starts, index;
    readonly int[] rows, sorted, sortedIndex, begin;
    EmbeddingArguments<E> a;
    bool ran, disposed;

    internal EmbeddingPass(Embedding<E> layer, Pass<E> pass)
    {
        (this.layer, this.pass) = (layer, pass);
        Device device = pass.Device;
        if (pass.InputSize != layer.Size) throw new GpuRnnException($"The embedding gives {layer.Size} numbers a step; the network reads {pass.InputSize}.");
        int most = pass.MaxSteps * pass.MaxSequences;
        (rows, sorted, sortedIndex, begin) = (new int[most], new int[most], new int[most], new int[layer.Vocabulary + 1]);
        (order, starts, index) = (new(device, most), new(device, layer.Vocabulary + 1), new(device, most));
        lookup = Items<EmbeddingArguments<E>>.OverLanes<E>(device, typeof(EmbeddingLookup<,,>));
        gradient = Items<EmbeddingArguments<E>>.OverLanes<E>(device, typeof(EmbeddingGradient<,,>));
        (a.V, a.D, a.Order, a.Starts, a.Index) = (layer.Vocabulary, layer.Size, order.Buffer, starts.Buffer, index.Buffer);
    }

    Parameters<E> Parameters => layer.Parameters;

    /// <summary>Writes the pass's input.</summary>
    /// <param name="indices">[T, B], each from 0 to V - 1; what stands on padding is ignored.</param>
    /// <exception cref="GpuRnnException">The wrong number of them, or one out of range.</exception>
    public void Forward(ReadOnlySpan<int> indices)
    {
        using Usage.Scope scope = Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (indices.Length != pass.Steps * pass.Sequences)
            throw new GpuRnnException($"There are {indices.Length} indices; the batch needs {pass.Steps * pass.Sequences}.");
        a.Rows = pass.Batch.ListRows(rows, false);
        Sort(indices);
        Device device = pass.Device;
        device.Upload<int>(sorted.AsSpan(0, a.Rows), order.View);
        device.Upload<int>(sortedIndex.AsSpan(0, a.Rows), index.View);
        if (pass.Training) device.Upload<int>(begin, starts.View);
        (a.Table, a.X) = (device.Buffer(Parameters.ValueOf(layer.Table)), device.Buffer(pass.Input));
        lookup.Run(a);
        ran = true;
    }

    /// <summary>Rows by index, those of an index in their order (a counting sort).</summary>
    void Sort(ReadOnlySpan<int> indices)
    {
        Array.Clear(begin);
        for (int i = 0; i < a.Rows; i++)
        {
            int v = indices[rows[i]];
            if ((uint)v >= (uint)layer.Vocabulary)
                throw new GpuRnnException($"Index {v} in row {rows[i]} (sequence {pass.Batch.SequenceOf(rows[i])}) is not from 0 to {layer.Vocabulary - 1}.");
            begin[v]++;
        }
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
    /// <exception cref="InvalidOperationException">No forward pass went before, or the pass has no gradient of its input.</exception>
    public void Backward(bool accumulate = false)
    {
        using Usage.Scope scope = Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!ran) throw new InvalidOperationException("No forward pass went before.");
        if (pass.InputGradient.Length == 0)
            throw new InvalidOperationException("The gradient of the input was not planned: PassOptions.Training and InputGradient.");
        a.Add = accumulate ? 1 : 0;
        (a.Table, a.X) = (pass.Device.Buffer(Parameters.GradientOf(layer.Table)), pass.Device.Buffer(pass.InputGradient));
        gradient.Run(a);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        order.Dispose();
        starts.Dispose();
        index.Dispose();
    }
}
