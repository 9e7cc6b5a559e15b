using GpuRnn.Devices;
using GpuRnn.Kernels.Output;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// A dense layer and its loss behind a source of rows. Rows are the living steps of the batch in gate order (step by step, longest sequence first), or
/// the sequences' last steps; targets lie as the source's arrays do, [T, B].
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class DensePass<E> : IDisposable where E : unmanaged
{
    readonly Dense<E> layer;
    readonly Source<E> source;
    readonly Loss loss;
    readonly bool lastOnly;
    readonly DenseWork<E> work;
    readonly DeviceArray<int> classes, best, places;
    readonly DeviceArray<E> y, rowLoss;
    readonly DeviceArray<E>? targets;
    readonly E[] losses;
    DeviceArray<E>? weights;
    bool ran, disposed;

    internal DensePass(Dense<E> layer, Source<E> source, Loss loss, bool lastOnly)
    {
        (this.layer, this.source, this.loss, this.lastOnly) = (layer, source, loss, lastOnly);
        work = new(layer, source, loss, lastOnly);
        int all = source.MaxSteps * source.MaxSequences, most = work.MostRows;
        losses = new E[most];
        best = work.New<int>(most);
        y = work.New<E>((long)most * work.Stride);
        rowLoss = work.New<E>(most);
        places = work.New<int>(most);
        Device.Upload<int>(Enumerable.Range(0, most).ToArray(), places.View);
        classes = work.New<int>(loss == Loss.SoftmaxCrossEntropy ? all : 0);
        targets = loss is Loss.BinaryCrossEntropy or Loss.MeanSquaredError ? work.New<E>((long)all * layer.OutputSize) : null;
    }

    Device Device => layer.Parameters.Device;
    internal bool LastOnly => lastOnly;
    /// <summary>Rows of the source's arrays that it has outputs for.</summary>
    internal ReadOnlySpan<int> ListedRows => work.Rows;

    /// <summary>Rows of the current batch.</summary>
    public int Rows
    {
        get
        {
            Refresh();
            return work.Rows.Length;
        }
    }

    /// <summary>What loss and gradient are multiplied by; null for the mean over rows.</summary>
    public double? Scale { get; set; }

    /// <summary>
    /// The share of the target of the softmax cross-entropy that is spread over all classes, from 0 to below 1 (Szegedy et al. 2016, section 7), as
    /// torch.nn.CrossEntropyLoss has it.
    /// </summary>
    public double LabelSmoothing
    {
        get;
        set => field = value is >= 0 and < 1 ? value : throw new GpuRnnException($"Label smoothing of {value} cannot be: from 0 to below 1.");
    }

    /// <summary>[R, stride] The outputs on the device, or their gradient after a forward pass that wanted it.</summary>
    public ArrayView<E> Outputs => y.View;

    /// <summary>[T, B] Target classes on the device, for whoever has them there.</summary>
    public ArrayView<int> Classes => classes.View;

    void Refresh()
    {
        if (work.Refresh()) ran = false;
    }

    /// <summary>Target classes.</summary>
    /// <param name="target">[T, B], or [B] where only last steps are read; each from 0 to V - 1, ignored on padding.</param>
    /// <exception cref="GpuRnnException">The wrong size, or a class out of range.</exception>
    public void SetClasses(ReadOnlySpan<int> target)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        if (loss != Loss.SoftmaxCrossEntropy) throw new GpuRnnException($"Classes are targets of the softmax cross-entropy, not of {loss}.");
        int[]? spread = lastOnly && target.Length == source.Sequences ? Spread(target, 1) : null;
        ReadOnlySpan<int> all = spread ?? target;
        if (all.Length != source.Steps * source.Sequences)
            throw new GpuRnnException($"There are {target.Length} classes; the batch needs {source.Steps * source.Sequences}.");
        foreach (int row in work.Rows)
            if ((uint)all[row] >= (uint)layer.OutputSize) throw new GpuRnnException($"Class {all[row]} is not from 0 to {layer.OutputSize - 1}.");
        Device.Upload(all, classes.View);
    }

    /// <summary>Target values.</summary>
    /// <param name="target">[T, B, V], or [B, V] where only last steps are read; ignored on padding.</param>
    /// <exception cref="GpuRnnException">The wrong size.</exception>
    public void SetTargets(ReadOnlySpan<E> target)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        if (targets is null) throw new GpuRnnException($"Values are targets of the squared error and the binary cross-entropy, not of {loss}.");
        int v = layer.OutputSize;
        E[]? spread = lastOnly && target.Length == source.Sequences * v ? Spread(target, v) : null;
        ReadOnlySpan<E> all = spread ?? target;
        if (all.Length != source.Steps * source.Sequences * v)
            throw new GpuRnnException($"There are {target.Length} targets; the batch needs {source.Steps * source.Sequences * v}.");
        Device.Upload(all, targets.View);
    }

    /// <summary>Values a sequence, put where the sequence's last step is.</summary>
    T[] Spread<T>(ReadOnlySpan<T> values, int size)
    {
        T[] all = new T[source.Steps * source.Sequences * size];
        foreach (int row in work.Rows) values.Slice(source.Batch.SequenceOf(row) * size, size).CopyTo(all.AsSpan(row * size));
        return all;
    }

    /// <summary>What each step counts for: 0 masks it out.</summary>
    /// <param name="weight">[T, B], or empty for 1.</param>
    public void SetRowWeights(ReadOnlySpan<E> weight)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        work.Arguments.RowWeight = default;
        if (weight.Length == 0) return;
        if (weight.Length != source.Steps * source.Sequences)
            throw new GpuRnnException($"There are {weight.Length} weights; the batch needs {source.Steps * source.Sequences}.");
        weights ??= work.New<E>(source.MaxSteps * source.MaxSequences);
        Device.Upload(weight, weights.View);
        work.Arguments.RowWeight = weights.Buffer;
    }

    /// <summary>Outputs and loss from the pass's output; with gradient, the loss's gradient takes the outputs' place and a backward pass may follow.</summary>
    /// <param name="gradient">Is the gradient wanted?</param>
    public void Forward(bool gradient = false)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        if (gradient && loss == Loss.None) throw new InvalidOperationException("There is no loss to have a gradient of.");
        double mean = loss == Loss.MeanSquaredError ? 1.0 / layer.OutputSize : 1;
        ref OutputArguments<E> a = ref work.Arguments;
        a.WantGradient = gradient ? 1 : 0;
        (a.Scale, a.Smoothing) = (Element.Of<E>(mean * (Scale ?? 1.0 / Math.Max(1, a.Rows))), Element.Of<E>(LabelSmoothing));
        (a.Y, a.PlaceOf, a.Class, a.Target, a.Loss, a.Best) =
            (y.Buffer, places.Buffer, classes.Buffer, targets?.Buffer ?? default, rowLoss.Buffer, best.Buffer);
        work.Forward();
        ran = gradient;
    }

    /// <summary>From the gradient that <see cref="Forward"/> left: the source's output gradient and the parameters' gradients.</summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    /// <param name="addToSource">Is the source's gradient added to what is there, because others read the source too?</param>
    public void Backward(bool accumulate = false, bool addToSource = false)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!ran) throw new InvalidOperationException("No forward pass with a gradient went before.");
        work.Backward(y.Buffer, accumulate, addToSource);
        ran = false;
    }

    /// <summary>The loss of the last forward pass: the scaled sum over rows, added up in double precision.</summary>
    public double ReadLoss()
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        Device.Download(rowLoss.View, losses.AsSpan(0, work.Rows.Length));
        double sum = 0;
        for (int i = 0; i < work.Rows.Length; i++) sum += Element.ToDouble(losses[i]);
        return sum;
    }

    /// <summary>The largest output of each row, by row of the pass's arrays.</summary>
    /// <param name="classes">[T, B]; padding is left alone.</param>
    public void ReadBest(Span<int> classes)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        int[] all = new int[work.Rows.Length];
        Device.Download<int>(best.View, all);
        for (int i = 0; i < all.Length; i++) classes[work.Rows[i]] = all[i];
    }

    /// <summary>The outputs by row of the pass's arrays; only after a forward pass without gradient.</summary>
    /// <param name="outputs">[T, B, V]; padding is left alone.</param>
    public void ReadOutputs(Span<E> outputs)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        int v = layer.OutputSize;
        E[] all = new E[work.Rows.Length * work.Stride];
        Device.Download<E>(y.View, all);
        for (int i = 0; i < work.Rows.Length; i++) all.AsSpan(i * work.Stride, v).CopyTo(outputs[(work.Rows[i] * v)..]);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        work.Dispose();
    }
}
