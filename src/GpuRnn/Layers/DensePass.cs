using GpuRnn.Devices;
using GpuRnn.Kernels.Output;
using GpuRnn.Kernels.Tiles.Cpu;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>
/// A dense layer and its loss behind a pass. Rows are the living steps of the batch in gate order (step by step, longest sequence first), or
/// the sequences' last steps; targets lie as the pass's arrays do, [T, B].
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class DensePass<E> : IDisposable where E : unmanaged
{
    readonly Dense<E> layer;
    readonly Pass<E> pass;
    readonly Loss loss;
    readonly bool lastOnly;
    readonly DenseKernels<E> kernels;
    readonly List<IDisposable> memory = [];
    readonly DeviceArray<int> rowOf, classes, best;
    readonly DeviceArray<E> y, rowLoss;
    readonly DeviceArray<E>? targets;
    readonly int[] rows;
    readonly E[] losses;
    OutputArguments<E> a;
    DeviceArray<E>? weights;
    long batch = -1;
    bool ran, disposed;

    internal DensePass(Dense<E> layer, Pass<E> pass, Loss loss, bool lastOnly)
    {
        (this.layer, this.pass, this.loss, this.lastOnly) = (layer, pass, loss, lastOnly);
        kernels = layer.KernelsFor(loss);
        int all = pass.MaxSteps * pass.MaxSequences, most = lastOnly ? pass.MaxSequences : all, panel = 4 * kernels.Width;
        long numbers = (long)most * ((layer.OutputSize + panel - 1) / panel * panel);
        if (numbers > int.MaxValue) throw new GpuRnnException($"{most} rows of {layer.OutputSize} outputs are more than 2^31 numbers. Plan fewer steps or sequences.");
        rows = new int[most];
        losses = new E[most];
        a.OutputStride = (layer.OutputSize + panel - 1) / panel * panel;
        rowOf = New<int>(most);
        best = New<int>(most);
        y = New<E>((long)most * a.OutputStride);
        rowLoss = New<E>(most);
        classes = New<int>(loss == Loss.SoftmaxCrossEntropy ? all : 0);
        targets = loss is Loss.BinaryCrossEntropy or Loss.MeanSquaredError ? New<E>((long)all * layer.OutputSize) : null;
        if (!pass.Training || Device.Kind != DeviceKind.Cpu) return;
        a.ScratchStride = WeightProduct.KBlock * WeightProduct.RowStride(layer.InputSize, kernels.Width) + 16;
        a.Scratch = New<E>((long)a.ScratchStride * Device.Workers).Buffer;
        a.DPacked = New<E>((long)a.OutputStride * layer.InputSize).Buffer;
        a.DBiasPacked = New<E>(a.OutputStride).Buffer;
    }

    Device Device => layer.Parameters.Device;

    DeviceArray<T> New<T>(long length) where T : unmanaged
    {
        DeviceArray<T> array = new(Device, length);
        memory.Add(array);
        return array;
    }

    /// <summary>Rows of the current batch.</summary>
    public int Rows
    {
        get
        {
            Refresh();
            return a.Rows;
        }
    }

    /// <summary>What loss and gradient are multiplied by; null for the mean over rows.</summary>
    public double? Scale { get; set; }

    /// <summary>[R, stride] The outputs on the device, or their gradient after a forward pass that wanted it.</summary>
    public ArrayView<E> Outputs => y.View;

    /// <summary>[T, B] Target classes on the device, for whoever has them there.</summary>
    public ArrayView<int> Classes => classes.View;

    /// <summary>Takes the rows of the pass's batch if that has changed.</summary>
    void Refresh()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        _ = pass.Output; // not of a disposed pass
        if (batch == pass.BatchVersion) return;
        batch = pass.BatchVersion;
        ran = false;
        a.Rows = pass.ListRows(rows, lastOnly);
        Device.Upload<int>(rows.AsSpan(0, a.Rows), rowOf.View);
    }

    /// <summary>Target classes.</summary>
    /// <param name="target">[T, B], or [B] where only last steps are read; each from 0 to V - 1, ignored on padding.</param>
    /// <exception cref="GpuRnnException">The wrong size, or a class out of range.</exception>
    public void SetClasses(ReadOnlySpan<int> target)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        if (loss != Loss.SoftmaxCrossEntropy) throw new GpuRnnException($"Classes are targets of the softmax cross-entropy, not of {loss}.");
        int[]? spread = lastOnly && target.Length == pass.Sequences ? Spread(target, 1) : null;
        ReadOnlySpan<int> all = spread ?? target;
        if (all.Length != pass.Steps * pass.Sequences) throw new GpuRnnException($"There are {target.Length} classes; the batch needs {pass.Steps * pass.Sequences}.");
        for (int i = 0; i < a.Rows; i++)
            if ((uint)all[rows[i]] >= (uint)layer.OutputSize) throw new GpuRnnException($"Class {all[rows[i]]} is not from 0 to {layer.OutputSize - 1}.");
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
        E[]? spread = lastOnly && target.Length == pass.Sequences * v ? Spread(target, v) : null;
        ReadOnlySpan<E> all = spread ?? target;
        if (all.Length != pass.Steps * pass.Sequences * v) throw new GpuRnnException($"There are {target.Length} targets; the batch needs {pass.Steps * pass.Sequences * v}.");
        Device.Upload(all, targets.View);
    }

    /// <summary>Values a sequence, put where the sequence's last step is.</summary>
    T[] Spread<T>(ReadOnlySpan<T> values, int size)
    {
        T[] all = new T[pass.Steps * pass.Sequences * size];
        for (int i = 0; i < a.Rows; i++)
            values.Slice(pass.SequenceOf(rows[i]) * size, size).CopyTo(all.AsSpan(rows[i] * size));
        return all;
    }

    /// <summary>What each step counts for: 0 masks it out.</summary>
    /// <param name="weight">[T, B], or empty for 1.</param>
    public void SetRowWeights(ReadOnlySpan<E> weight)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        a.RowWeight = default;
        if (weight.Length == 0) return;
        if (weight.Length != pass.Steps * pass.Sequences) throw new GpuRnnException($"There are {weight.Length} weights; the batch needs {pass.Steps * pass.Sequences}.");
        weights ??= New<E>(pass.MaxSteps * pass.MaxSequences);
        Device.Upload(weight, weights.View);
        a.RowWeight = weights.Buffer;
    }

    /// <summary>Outputs and loss from the pass's output; with gradient, the loss's gradient takes the outputs' place and a backward pass may follow.</summary>
    /// <param name="gradient">Is the gradient wanted?</param>
    public void Forward(bool gradient = false)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        Refresh();
        if (gradient && loss == Loss.None) throw new InvalidOperationException("There is no loss to have a gradient of.");
        layer.Fill(ref a, pass.Training);
        a.Stride = layer.InputSize;
        a.WantGradient = gradient ? 1 : 0;
        double mean = loss == Loss.MeanSquaredError ? 1.0 / layer.OutputSize : 1;
        a.Scale = Element.Of<E>(mean * (Scale ?? 1.0 / Math.Max(1, a.Rows)));
        (a.RowOf, a.A, a.Y) = (rowOf.Buffer, Device.Buffer(pass.Output), y.Buffer);
        (a.Class, a.Target, a.Loss, a.Best) = (classes.Buffer, targets?.Buffer ?? default, rowLoss.Buffer, best.Buffer);
        kernels.Forward(Device.Stream, Config(), a);
        ran = gradient;
    }

    /// <summary>From the gradient that <see cref="Forward"/> left: the pass's output gradient and the parameters' gradients.</summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    public void Backward(bool accumulate = false)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!ran) throw new InvalidOperationException("No forward pass with a gradient went before.");
        if (!pass.Training) throw new InvalidOperationException("The pass was planned for inference. Plan it with Training = true.");
        ran = false;
        a.AddDw = accumulate ? 1 : 0;
        a.Da = Device.Buffer(pass.OutputGradient);
        if (lastOnly) pass.OutputGradient.MemSetToZero(Device.Stream);
        kernels.Backward(Device.Stream, Config(), a);
    }

    KernelConfig Config() => Plan.Config(Device, Device.Kind == DeviceKind.Cpu ? Device.Workers : Math.Clamp((a.Rows + 15) / 16, 1, 1024));

    /// <summary>The loss of the last forward pass: the scaled sum over rows, added up in double precision.</summary>
    public double ReadLoss()
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        Device.Download(rowLoss.View, losses.AsSpan(0, a.Rows));
        double sum = 0;
        for (int i = 0; i < a.Rows; i++) sum += Element.ToDouble(losses[i]);
        return sum;
    }

    /// <summary>The largest output of each row, by row of the pass's arrays.</summary>
    /// <param name="classes">[T, B]; padding is left alone.</param>
    public void ReadBest(Span<int> classes)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        int[] all = new int[a.Rows];
        Device.Download<int>(best.View, all);
        for (int i = 0; i < a.Rows; i++) classes[rows[i]] = all[i];
    }

    /// <summary>The outputs by row of the pass's arrays; only after a forward pass without gradient.</summary>
    /// <param name="outputs">[T, B, V]; padding is left alone.</param>
    public void ReadOutputs(Span<E> outputs)
    {
        using Usage.Scope scope = layer.Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        int v = layer.OutputSize;
        E[] all = new E[a.Rows * a.OutputStride];
        Device.Download<E>(y.View, all);
        for (int i = 0; i < a.Rows; i++) all.AsSpan(i * a.OutputStride, v).CopyTo(outputs[(rows[i] * v)..]);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        memory.ForEach(m => m.Dispose());
    }
}
