namespace GpuRnn.Kernels.Recurrent;

/// <summary>What a device must be able to do for a stage of a layer's step. Parts are of the stage's own panels.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TWorker">A worker in a launch.</typeparam>
interface IStageTile<E, TWorker> where E : unmanaged, IFloatingPointIeee754<E> where TWorker : struct, IWorker<TWorker>
{
    /// <summary>Panels of the stage.</summary>
    static abstract int Panels(in SequenceArguments<E> a);

    /// <summary>Packs the worker's share of the weights for this device.</summary>
    static abstract void Pack(in SequenceArguments<E> a, int worker, int workers);

    /// <summary>Biases and products of x into the gate rows of steps [first, last).</summary>
    static abstract void Project(ref TWorker worker, in SequenceArguments<E> a, in Part part, int first, int last);

    /// <summary>The stage at a step.</summary>
    static abstract void Forward(ref TWorker worker, in SequenceArguments<E> a, in Part part, int step);

    /// <summary>What stands before the steps of a forward pass: the last stage makes y = 0 on padding.</summary>
    static abstract void ForwardBegin(in SequenceArguments<E> a, in Part part);

    /// <summary>
    /// What stands behind them: the last stage copies the last h of every sequence to Hn; the one that makes c carries that of empty
    /// sequences over.
    /// </summary>
    static abstract void ForwardEnd(in SequenceArguments<E> a, in Part part);

    /// <summary>
    /// The product of this stage's gate gradients with W_hh, to the gradient of its operand: for the panels of the stage whose units the
    /// operand is, from `panel` on, as many as lie in one block of the packed weights.
    /// </summary>
    /// <param name="worker">The worker.</param>
    /// <param name="a">The arguments.</param>
    /// <param name="part">Of the operand's stage.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="step">Whose gate gradients.</param>
    /// <param name="end">Behind the last sequence.</param>
    /// <returns>How many panels it made.</returns>
    static abstract int OperandGradient(ref TWorker worker, in SequenceArguments<E> a, in Part part, int panel, int step, int end);

    /// <summary>
    /// The gradient of the stage at a step, the product of the stage that reads what this one makes before it. Of the last stage that is
    /// the first one, a step later; there step = Begin - 1 makes the product alone: the gradient of the h that the launch's steps began
    /// with.
    /// </summary>
    static abstract void Backward<TReader>(ref TWorker worker, in SequenceArguments<E> a, in Part part, int step)
        where TReader : struct, IStageTile<E, TWorker>;

    /// <summary>Gradients of the states of empty sequences are 0 where the caller gave none, and so is dx on padding.</summary>
    static abstract void BackwardEnds(in SequenceArguments<E> a, in Part part);

    /// <summary>
    /// The stage's part of dx of sequences [row0, row1) at steps [first, last): written by the first stage, unless the caller adds, and
    /// added to by the others.
    /// </summary>
    static abstract void InputGradient(ref TWorker worker, in SequenceArguments<E> a, int row0, int row1, int first, int last);

    /// <summary>What is found for all of <see cref="WeightGradient"/>, in a launch before it.</summary>
    static virtual void WeightGradientBegin(ref TWorker worker, in SequenceArguments<E> a) { }

    /// <summary>
    /// The worker's share of the parameters' gradients, summed over gate rows in their order, on top of later segments' sums.
    /// </summary>
    static abstract void WeightGradient(ref TWorker worker, in SequenceArguments<E> a);

    /// <summary>What is made of it where workers have sums of some gate rows each, in a launch behind it.</summary>
    static virtual void WeightGradientEnd(ref TWorker worker, in SequenceArguments<E> a) { }
}
