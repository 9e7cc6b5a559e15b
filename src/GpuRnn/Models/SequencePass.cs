using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>A model over batches of sequences: give it a batch, and read its answers or learn from targets.</summary>
/// <typeparam name="E">float or double.</typeparam>
public abstract class SequencePass<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly int inputSize;
    readonly Pass<E> pass;
    readonly DropoutPass<E> dropout;
    readonly DensePass<E> head;
    readonly Guard guard;

    private protected SequencePass(Recurrent<E> network, Dense<E> layer, Loss loss, int steps, int sequences, SequencePassOptions options)
    {
        using Guard.Scope scope = network.Parameters.Guard.Enter();
        inputSize = network.InputSize;
        pass = network.Plan(steps, sequences, options.ForLayers() with { InputGradient = false });
        dropout = new Dropout(options.Dropout ?? new()).Plan(pass);
        head = layer.Plan(dropout, loss, lastOnly: !options.EveryStep);
        guard = new(this, network.Parameters.Usage, pass.Guard);
    }

    internal Guard Guard => guard;

    /// <summary>The recurrent layers' pass.</summary>
    public Pass<E> Pass => pass;

    /// <summary>The dense layer's pass: scale and label smoothing of the loss, row weights.</summary>
    public DensePass<E> Head => head;

    /// <summary>Is a training plan run as for inference: nothing is dropped, and no backward pass follows? May be set between
    /// batches.</summary>
    public bool Evaluating
    {
        get => pass.Evaluating;
        set => pass.Evaluating = value;
    }

    /// <summary>Runs a batch of indices.</summary>
    /// <param name="indices">[T, B].</param>
    /// <param name="lengths">[B] Each from 1 to T.</param>
    /// <param name="step">The training step, for dropout; null for the one after the last.</param>
    /// <exception cref="BadArgumentException">The batch is empty or does not fit, or an index is out of range.</exception>
    public void Forward(ReadOnlySpan<int> indices, ReadOnlySpan<int> lengths, long? step = null)
    {
        using Guard.Scope scope = guard.Enter();
        pass.CheckKind(indices: true);
        int steps = Steps(indices.Length, 1, lengths);
        GivenBatch.CheckIndices(indices, lengths, inputSize);
        long masks = Shape(steps, lengths, step);
        pass.Forward(indices, []);
        dropout.Forward(masks);
    }

    /// <summary>Runs a batch of rows of numbers.</summary>
    /// <param name="x">[T, B, I].</param>
    /// <param name="lengths">[B] Each from 1 to T.</param>
    /// <param name="step">The training step, for dropout; null for the one after the last.</param>
    /// <exception cref="BadArgumentException">The batch is empty or does not fit.</exception>
    public void Forward(ReadOnlySpan<E> x, ReadOnlySpan<int> lengths, long? step = null)
    {
        using Guard.Scope scope = guard.Enter();
        pass.CheckKind(indices: false);
        long masks = Shape(Steps(x.Length, inputSize, lengths), lengths, step);
        pass.Forward(x, []);
        dropout.Forward(masks);
    }

    int Steps(int numbers, int size, ReadOnlySpan<int> lengths)
    {
        int steps = GivenBatch.Steps(numbers, size, lengths.Length);
        pass.CheckBatch(steps, lengths);
        return steps;
    }

    long Shape(int steps, ReadOnlySpan<int> lengths, long? step)
    {
        pass.SetLengths(steps, lengths);
        return pass.DropoutStep = step ?? pass.DropoutStep;
    }

    /// <summary>The loss on targets that the head has been given.</summary>
    private protected double LossOf(bool gradient)
    {
        head.Forward(gradient);
        return head.ReadLoss();
    }

    /// <summary>The gradients of all parameters, after a loss with a gradient.</summary>
    /// <param name="accumulate">Are they added to what is there?</param>
    /// <exception cref="InvalidOperationException">No loss with a gradient went before this one backward pass, or the batch was
    /// evaluated.</exception>
    public void Backward(bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        head.Backward(accumulate);
        dropout.Backward();
        pass.Backward(accumulate);
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(() =>
    {
        head.Dispose();
        dropout.Dispose();
        pass.Dispose();
    });
}

/// <summary>A classifier over batches of sequences.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class ClassifierPass<E> : SequencePass<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly int classes;

    internal ClassifierPass(SequenceClassifier<E> model, int steps, int sequences, SequencePassOptions options)
        : base(model.Network, model.Head, Layers.Loss.SoftmaxCrossEntropy, steps, sequences, options) => classes = model.Options.Classes;

    /// <summary>The loss on targets after a forward pass.</summary>
    /// <param name="classes">[B], or [T, B] where every step has a class.</param>
    /// <param name="gradient">Does a backward pass follow?</param>
    /// <exception cref="BadArgumentException">There are too many or too few, or one is out of range.</exception>
    public double Loss(ReadOnlySpan<int> classes, bool gradient = false)
    {
        using Guard.Scope scope = Guard.Enter();
        Head.SetClasses(classes);
        return LossOf(gradient);
    }

    /// <summary>The probabilities of classes after a forward pass.</summary>
    /// <returns>[B, classes], or [T, B, classes] where every step has classes; 0 on padding.</returns>
    public double[] ReadProbabilities()
    {
        using Guard.Scope scope = Guard.Enter();
        Head.Forward();
        E[] outputs = Head.ReadOutputs();
        double[] all = new double[outputs.Length];
        foreach (int row in Head.ListedRows)
            Softmax.Of<E>(outputs.AsSpan(row * classes, classes), all.AsSpan(row * classes, classes));
        return all;
    }
}

/// <summary>A regressor over batches of sequences.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class RegressorPass<E> : SequencePass<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    internal RegressorPass(SequenceRegressor<E> model, int steps, int sequences, SequencePassOptions options)
        : base(model.Network, model.Head, model.Options.Loss, steps, sequences, options) { }

    /// <summary>The loss on targets after a forward pass.</summary>
    /// <param name="targets">[B, outputs], or [T, B, outputs] where every step has them.</param>
    /// <param name="gradient">Does a backward pass follow?</param>
    /// <exception cref="BadArgumentException">There are too many or too few.</exception>
    public double Loss(ReadOnlySpan<E> targets, bool gradient = false)
    {
        using Guard.Scope scope = Guard.Enter();
        Head.SetTargets(targets);
        return LossOf(gradient);
    }

    /// <summary>What the model says after a forward pass.</summary>
    /// <returns>[B, outputs], or [T, B, outputs] where every step has them; 0 on padding.</returns>
    public E[] ReadOutputs()
    {
        using Guard.Scope scope = Guard.Enter();
        Head.Forward();
        return Head.ReadOutputs();
    }
}
