using System.Diagnostics;
using GpuRnn.Devices;
using GpuRnn.Kernels.Dense;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// A dense layer and its loss behind a source of rows. Rows are the living steps of the batch in gate order (step by step, longest sequence
/// first), or the sequences' last steps. Targets, row weights, outputs and best classes lie as the source's arrays do, [T, B, ...]; where
/// last steps alone are read they have one row a sequence, [B, ...]. Targets and row weights are of one batch: set its lengths first.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed partial class DensePass<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Dense<E> layer;
    readonly Source<E> source;
    readonly Loss loss;
    readonly bool lastOnly;
    readonly Guard guard;
    readonly DenseWork<E> work;
    readonly DeviceArray<int> classes, best, places;
    readonly DeviceArray<E> y, rowLoss;
    readonly DeviceArray<E>? targets;
    readonly E[] losses;
    Run run;
    bool hasLoss, hasOutputs;

    internal DensePass(Dense<E> layer, Source<E> source, Loss loss, bool lastOnly)
    {
        (this.layer, this.source, this.loss, this.lastOnly) = (layer, source, loss, lastOnly);
        guard = new(this, source.Usage, layer.Guard, source.Guard);
        work = new(layer, source, loss, lastOnly);
        int most = work.MostRows;
        bool values = work.Target == TargetKind.Values;
        if (values && (long)most * layer.OutputSize > int.MaxValue)
            throw new BadArgumentException(
                $"{most} rows of {layer.OutputSize} targets are more than 2^31 numbers. Plan fewer steps or sequences.");
        losses = new E[most];
        best = work.New<int>(most);
        y = work.New<E>((long)most * work.Stride);
        rowLoss = work.New<E>(most);
        places = work.New<int>(most);
        Device.Upload<int>(Enumerable.Range(0, most).ToArray(), places.View);
        classes = work.New<int>(work.Target == TargetKind.Class ? most : 0, Contents.Zeros); // there is a loss before there are targets
        targets = values ? work.New<E>((long)most * layer.OutputSize, Contents.Zeros) : null;
    }

    Device Device => layer.Parameters.Device;
    Stamp Now => new(source.Batch.Version, layer.Parameters.Version, source.Written);
    /// <summary>Rows of the program's arrays that it has outputs for.</summary>
    internal ReadOnlySpan<int> ListedRows => work.TargetRows;

    /// <summary>Rows of the current batch.</summary>
    public int Rows
    {
        get
        {
            using Guard.Scope scope = guard.Enter();
            work.Refresh();
            return work.Rows.Length;
        }
    }

    /// <summary>What loss and gradient are multiplied by; null for the mean over rows.</summary>
    public double? Scale
    {
        get;
        set => field = value is null ? null : Limits.Finite(value.Value, "The scale of a loss");
    }

    /// <summary>
    /// The share of the target of the softmax cross-entropy that is spread over all classes, from 0 to below 1 (Szegedy et al. 2016,
    /// section 7), as torch.nn.CrossEntropyLoss has it.
    /// </summary>
    /// <exception cref="BadArgumentException">It is out of its range, or the loss has no classes.</exception>
    public double LabelSmoothing
    {
        get;
        set => field = value == 0 || work.Target == TargetKind.Class ? Limits.Share(value, "Label smoothing")
            : throw new BadArgumentException($"Label smoothing is for losses whose targets are classes, not for {loss}.");
    }

    /// <summary>[R, stride] The outputs on the device, or their gradient after a forward pass that wanted it.</summary>
    public ArrayView<E> Outputs
    {
        get
        {
            guard.ThrowIfDisposed();
            return y.View;
        }
    }

    /// <summary>
    /// Outputs from the source's rows and, if this batch has targets, the loss; with gradient, the loss's gradient takes the outputs'
    /// place and a backward pass may follow.
    /// </summary>
    /// <param name="gradient">Is the gradient wanted?</param>
    /// <exception cref="InvalidOperationException">The source has no rows of this batch; there is no loss, or it has no targets of this
    /// batch, and the gradient is wanted; or row weights are of another batch.</exception>
    public void Forward(bool gradient = false)
    {
        using Guard.Scope scope = guard.Enter();
        source.CheckRows();
        if (gradient) CheckTargets();
        CheckRowWeights();
        using Activity? activity = Telemetry.Begin("dense forward");
        run.Clear();
        work.Refresh();
        ref OutputArguments<E> a = ref work.Arguments;
        a.WantGradient = gradient ? 1 : 0;
        a.Scale = Element.Of<E>(work.LossScale * (Scale ?? 1.0 / Math.Max(1, a.Rows)));
        a.Number = Element.Of<E>(work.Target == TargetKind.Class ? LabelSmoothing : loss.Number);
        (a.Y, a.PlaceOf, a.Class, a.Target, a.Loss, a.Best) =
            (y.Buffer, places.Buffer, classes.Buffer, targets?.Buffer ?? default, rowLoss.Buffer, best.Buffer);
        work.Forward();
        hasLoss = HasTargets;
        run.Ran(Now, gradient && source.Saving);
        hasOutputs = !gradient;
    }

    /// <summary>From the gradient that <see cref="Forward"/> left: the source's output gradient and the parameters' gradients.</summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    /// <param name="addToSource">Is the source's gradient added to what is there, because others read the source too?</param>
    /// <exception cref="InvalidOperationException">No forward pass with a gradient went before this one backward pass, the source was
    /// planned for inference, or the weights or the source's rows have changed since.</exception>
    public void Backward(bool accumulate = false, bool addToSource = false)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckSaved(Now);
        using Activity? activity = Telemetry.Begin("dense backward");
        run.Use();
        work.Backward(y.Buffer, accumulate, addToSource);
        run.Finish();
    }

    /// <summary>The loss of the last forward pass: the scaled sum over rows, added up in double precision.</summary>
    /// <exception cref="InvalidOperationException">No forward pass has been run on this batch and on targets of it.</exception>
    public double ReadLoss()
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckRan(Now);
        if (!hasLoss) CheckTargets();
        if (!hasLoss) throw new InvalidOperationException("The targets were set after the forward pass: run it again.");
        Device.Download(rowLoss.View, losses.AsSpan(0, work.Rows.Length));
        double sum = 0;
        for (int i = 0; i < work.Rows.Length; i++) sum += Element.ToDouble(losses[i]);
        return sum;
    }

    /// <summary>The largest output of each row; of equals, the first.</summary>
    /// <param name="classes">[T, B], or [B] where only last steps are read; padding is left alone.</param>
    /// <exception cref="BadArgumentException">The wrong size.</exception>
    /// <exception cref="InvalidOperationException">No forward pass has been run on this batch.</exception>
    public void ReadBest(Span<int> classes)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckRan(Now);
        CheckSize(classes.Length, 1, "numbers of room");
        int[] all = new int[work.Rows.Length];
        Device.Download<int>(best.View, all);
        for (int i = 0; i < all.Length; i++) classes[work.TargetRows[i]] = all[i];
    }

    /// <summary>The same as an array of its own, 0 on padding.</summary>
    /// <returns>[T, B], or [B] where only last steps are read.</returns>
    /// <exception cref="InvalidOperationException">No forward pass has been run on this batch.</exception>
    public int[] ReadBest()
    {
        int[] classes = new int[work.TargetCount];
        ReadBest(classes);
        return classes;
    }

    /// <summary>The outputs; only after a forward pass without gradient.</summary>
    /// <param name="outputs">[T, B, V], or [B, V] where only last steps are read; padding is left alone.</param>
    /// <exception cref="BadArgumentException">The wrong size.</exception>
    /// <exception cref="InvalidOperationException">No forward pass has been run on this batch, or its gradient stands in the outputs'
    /// place.</exception>
    public void ReadOutputs(Span<E> outputs)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckRan(Now);
        if (!hasOutputs) throw new InvalidOperationException("The gradient stands in the outputs' place: run the forward pass without it.");
        int v = layer.OutputSize;
        CheckSize(outputs.Length, v, "numbers of room");
        E[] all = new E[work.Rows.Length * work.Stride];
        Device.Download<E>(y.View, all);
        for (int i = 0; i < work.Rows.Length; i++) all.AsSpan(i * work.Stride, v).CopyTo(outputs[(work.TargetRows[i] * v)..]);
    }

    /// <summary>The same as an array of its own, 0 on padding.</summary>
    /// <returns>[T, B, V], or [B, V] where only last steps are read.</returns>
    /// <exception cref="InvalidOperationException">As <see cref="ReadOutputs(Span{E})"/>.</exception>
    public E[] ReadOutputs()
    {
        E[] outputs = new E[work.TargetCount * layer.OutputSize];
        ReadOutputs(outputs);
        return outputs;
    }

    /// <summary>Has an array of the program as many rows as this batch: one a step and sequence, or one a sequence?</summary>
    /// <exception cref="BadArgumentException">It has not.</exception>
    void CheckSize(int length, int size, string what)
    {
        int expected = work.TargetCount * size;
        if (length != expected)
            throw new BadArgumentException(
                $"There are {length} {what}; the batch needs {expected}"
                + (lastOnly ? $": {size} a sequence, for last steps alone are read." : "."));
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(work.Free);
}
