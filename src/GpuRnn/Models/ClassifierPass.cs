using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>A classifier over batches: set the lengths, run it forward, and read classes or learn from targets.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class ClassifierPass<E> : IDisposable where E : unmanaged
{
    readonly SequenceClassifier<E> model;
    readonly Pass<E> pass;
    readonly Dropout<E> dropout;
    readonly DensePass<E> head;
    readonly Guard guard;

    internal ClassifierPass(SequenceClassifier<E> model, int steps, int sequences, bool training, DropoutOptions? dropout, bool everyStep)
    {
        this.model = model;
        using Guard.Scope scope = model.Parameters.Guard.Enter();
        pass = model.Network.Plan(steps, sequences, new() { Training = training, Dropout = dropout, InputGradient = false });
        this.dropout = new(pass, dropout ?? new());
        head = model.Head.Plan(this.dropout, Layers.Loss.SoftmaxCrossEntropy, lastOnly: !everyStep);
        guard = new(this, model.Parameters.Usage, pass.Guard);
    }

    /// <summary>The recurrent layers' pass.</summary>
    public Pass<E> Pass => pass;

    /// <summary>The dense layer's pass: scale and label smoothing of the loss.</summary>
    public DensePass<E> Head => head;

    /// <summary>Runs a batch of indices.</summary>
    /// <param name="indices">[T, B].</param>
    /// <param name="lengths">[B] Each from 1 to T.</param>
    /// <param name="step">The training step, for dropout; null for the one after the last.</param>
    public void Forward(ReadOnlySpan<int> indices, ReadOnlySpan<int> lengths, long? step = null)
    {
        using Guard.Scope scope = guard.Enter();
        pass.CheckKind(indices: true);
        int steps = Steps(indices.Length, 1, lengths);
        GivenBatch.CheckIndices(indices, lengths, model.Options.InputSize);
        long masks = Shape(steps, lengths, step);
        pass.Forward(indices, []);
        dropout.Forward(masks);
    }

    /// <summary>Runs a batch of rows of numbers.</summary>
    /// <param name="x">[T, B, I].</param>
    /// <param name="lengths">[B] Each from 1 to T.</param>
    /// <param name="step">The training step, for dropout; null for the one after the last.</param>
    public void Forward(ReadOnlySpan<E> x, ReadOnlySpan<int> lengths, long? step = null)
    {
        using Guard.Scope scope = guard.Enter();
        pass.CheckKind(indices: false);
        long masks = Shape(Steps(x.Length, model.Options.InputSize, lengths), lengths, step);
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

    /// <summary>The loss on targets after a forward pass.</summary>
    /// <param name="classes">[B], or [T, B] where every step has a class.</param>
    /// <param name="gradient">Does <see cref="Backward"/> follow?</param>
    public double Loss(ReadOnlySpan<int> classes, bool gradient = false)
    {
        using Guard.Scope scope = guard.Enter();
        head.SetClasses(classes);
        head.Forward(gradient);
        return head.ReadLoss();
    }

    /// <summary>The gradients of all parameters, after <see cref="Loss"/> with a gradient.</summary>
    /// <param name="accumulate">Are they added to what is there?</param>
    public void Backward(bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        head.Backward(accumulate);
        dropout.Backward();
        pass.Backward(accumulate);
    }

    /// <summary>The probabilities of classes after a forward pass.</summary>
    /// <returns>[B, classes], or [T, B, classes] where every step has classes; 0 on padding.</returns>
    public double[] ReadProbabilities()
    {
        using Guard.Scope scope = guard.Enter();
        int classes = model.Options.Classes;
        E[] outputs = new E[(head.LastOnly ? 1 : pass.Steps) * pass.Sequences * classes];
        head.Forward();
        head.ReadOutputs(outputs);
        double[] all = new double[outputs.Length];
        foreach (int row in head.ListedRows)
        {
            int to = head.LastOnly ? row % pass.Sequences : row;
            Softmax.Of<E>(outputs.AsSpan(to * classes, classes), all.AsSpan(to * classes, classes));
        }
        return all;
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
