namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// What a device must be able to do for a layer: the stages of a step as one, so that <see cref="SequenceKernels"/> know time alone. Two
/// types make it of any list of <see cref="IStageTile{E, TWorker}"/>: <see cref="LastStage{E, TWorker, TStage}"/> and
/// <see cref="StagesFrom{E, TWorker, TStage, TNext, TRest}"/>.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TWorker">A worker in a launch.</typeparam>
interface ITile<E, TWorker> where E : unmanaged, IFloatingPointIeee754<E> where TWorker : struct, IWorker<TWorker>
{
    /// <summary>See <see cref="IStageTile{E, TWorker}.Pack"/>.</summary>
    static abstract void Pack(in SequenceArguments<E> a, int worker, int workers);

    /// <summary>See <see cref="IStageTile{E, TWorker}.Project"/>.</summary>
    static abstract void Project<TStrategy>(ref TWorker worker, in SequenceArguments<E> a, int first, int last)
        where TStrategy : struct, IStrategy;

    /// <summary>A step, workers waiting for each other behind each stage.</summary>
    static abstract void Forward<TStrategy>(ref TWorker worker, in SequenceArguments<E> a, int step) where TStrategy : struct, IStrategy;

    /// <summary>See <see cref="IStageTile{E, TWorker}.ForwardBegin"/>.</summary>
    static abstract void ForwardBegin<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy;

    /// <summary>See <see cref="IStageTile{E, TWorker}.ForwardEnd"/>.</summary>
    static abstract void ForwardEnd<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy;

    /// <summary>
    /// A step backward, from the last stage to the first; step = Begin - 1: the gradient of the h that the launch's steps began with.
    /// </summary>
    /// <typeparam name="TStrategy">How workers share it.</typeparam>
    /// <typeparam name="TFirst">The first stage of the whole list: it reads the h that the last one makes.</typeparam>
    static abstract void Backward<TStrategy, TFirst>(ref TWorker worker, in SequenceArguments<E> a, int step)
        where TStrategy : struct, IStrategy where TFirst : struct, IStageTile<E, TWorker>;

    /// <summary>See <see cref="IStageTile{E, TWorker}.BackwardEnds"/>.</summary>
    static abstract void BackwardEnds<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy;

    /// <summary>dx of sequences [row0, row1) at steps [first, last), all stages.</summary>
    static abstract void InputGradient(ref TWorker worker, in SequenceArguments<E> a, int row0, int row1, int first, int last);

    /// <summary>See <see cref="IStageTile{E, TWorker}.WeightGradientBegin"/>.</summary>
    static abstract void WeightGradientBegin(ref TWorker worker, in SequenceArguments<E> a);

    /// <summary>See <see cref="IStageTile{E, TWorker}.WeightGradient"/>.</summary>
    static abstract void WeightGradient(ref TWorker worker, in SequenceArguments<E> a);

    /// <summary>See <see cref="IStageTile{E, TWorker}.WeightGradientEnd"/>.</summary>
    static abstract void WeightGradientEnd(ref TWorker worker, in SequenceArguments<E> a);
}
