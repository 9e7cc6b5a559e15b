namespace GpuRnn.Kernels.Recurrent;

/// <summary>How workers wait behind a stage.</summary>
static class Between<TWorker, TStrategy> where TWorker : struct, IWorker<TWorker> where TStrategy : struct, IStrategy
{
    /// <summary>The whole team if it shares hidden units, else only the threads of this worker.</summary>
    public static void Stages<E>(ref TWorker worker, in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>
    {
        if (TStrategy.MeetsEachStage) worker.Meet(in a);
        else worker.Wait();
    }

    /// <summary>What this worker owns of a stage.</summary>
    public static Part Own<E, TStage>(ref TWorker worker, in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> where TStage : struct, IStageTile<E, TWorker> =>
        TStrategy.PartOf(in a, TStage.Panels(in a), worker.Index, worker.Count);
}

/// <summary>The end of a list of stages.</summary>
struct LastStage<E, TWorker, TStage> : ITile<E, TWorker>
    where E : unmanaged, IFloatingPointIeee754<E>
    where TWorker : struct, IWorker<TWorker>
    where TStage : struct, IStageTile<E, TWorker>
{
    public static void Pack(in SequenceArguments<E> a, int worker, int workers) => TStage.Pack(in a, worker, workers);

    public static void Project<TStrategy>(ref TWorker worker, in SequenceArguments<E> a, int first, int last)
        where TStrategy : struct, IStrategy =>
        TStage.Project(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), first, last);

    public static void Forward<TStrategy>(ref TWorker worker, in SequenceArguments<E> a, int step) where TStrategy : struct, IStrategy
    {
        TStage.Forward(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), step);
        Between<TWorker, TStrategy>.Stages(ref worker, in a);
    }

    public static void ForwardBegin<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy =>
        TStage.ForwardBegin(in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a));

    public static void ForwardEnd<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy =>
        TStage.ForwardEnd(in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a));

    public static void Backward<TStrategy, TFirst>(ref TWorker worker, in SequenceArguments<E> a, int step)
        where TStrategy : struct, IStrategy where TFirst : struct, IStageTile<E, TWorker>
    {
        TStage.Backward<TFirst>(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), step);
        Between<TWorker, TStrategy>.Stages(ref worker, in a);
    }

    public static void BackwardEnds<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy =>
        TStage.BackwardEnds(in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a));

    public static void InputGradient(ref TWorker worker, in SequenceArguments<E> a, int row0, int row1, int first, int last) =>
        TStage.InputGradient(ref worker, in a, row0, row1, first, last);

    public static void WeightGradientBegin(ref TWorker worker, in SequenceArguments<E> a) => TStage.WeightGradientBegin(ref worker, in a);

    public static void WeightGradient(ref TWorker worker, in SequenceArguments<E> a) => TStage.WeightGradient(ref worker, in a);

    public static void WeightGradientEnd(ref TWorker worker, in SequenceArguments<E> a) => TStage.WeightGradientEnd(ref worker, in a);
}

/// <summary>A stage and those behind it.</summary>
struct StagesFrom<E, TWorker, TStage, TNext, TRest> : ITile<E, TWorker>
    where E : unmanaged, IFloatingPointIeee754<E>
    where TWorker : struct, IWorker<TWorker>
    where TStage : struct, IStageTile<E, TWorker>
    where TNext : struct, IStageTile<E, TWorker>
    where TRest : struct, ITile<E, TWorker>
{
    public static void Pack(in SequenceArguments<E> a, int worker, int workers)
    {
        TStage.Pack(in a, worker, workers);
        TRest.Pack(in a, worker, workers);
    }

    public static void Project<TStrategy>(ref TWorker worker, in SequenceArguments<E> a, int first, int last)
        where TStrategy : struct, IStrategy
    {
        TStage.Project(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), first, last);
        TRest.Project<TStrategy>(ref worker, in a, first, last);
    }

    public static void Forward<TStrategy>(ref TWorker worker, in SequenceArguments<E> a, int step) where TStrategy : struct, IStrategy
    {
        TStage.Forward(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), step);
        Between<TWorker, TStrategy>.Stages(ref worker, in a);
        TRest.Forward<TStrategy>(ref worker, in a, step);
    }

    public static void ForwardBegin<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy =>
        TRest.ForwardBegin<TStrategy>(ref worker, in a);

    public static void ForwardEnd<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy
    {
        TStage.ForwardEnd(in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a));
        TRest.ForwardEnd<TStrategy>(ref worker, in a);
    }

    public static void Backward<TStrategy, TFirst>(ref TWorker worker, in SequenceArguments<E> a, int step)
        where TStrategy : struct, IStrategy where TFirst : struct, IStageTile<E, TWorker>
    {
        TRest.Backward<TStrategy, TFirst>(ref worker, in a, step);
        if (step < a.Begin) return;
        TStage.Backward<TNext>(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), step);
        Between<TWorker, TStrategy>.Stages(ref worker, in a);
    }

    public static void BackwardEnds<TStrategy>(ref TWorker worker, in SequenceArguments<E> a) where TStrategy : struct, IStrategy
    {
        TStage.BackwardEnds(in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a));
        TRest.BackwardEnds<TStrategy>(ref worker, in a);
    }

    public static void InputGradient(ref TWorker worker, in SequenceArguments<E> a, int row0, int row1, int first, int last)
    {
        TStage.InputGradient(ref worker, in a, row0, row1, first, last);
        TRest.InputGradient(ref worker, in a, row0, row1, first, last);
    }

    public static void WeightGradientBegin(ref TWorker worker, in SequenceArguments<E> a)
    {
        TStage.WeightGradientBegin(ref worker, in a);
        TRest.WeightGradientBegin(ref worker, in a);
    }

    public static void WeightGradient(ref TWorker worker, in SequenceArguments<E> a)
    {
        TStage.WeightGradient(ref worker, in a);
        TRest.WeightGradient(ref worker, in a);
    }

    public static void WeightGradientEnd(ref TWorker worker, in SequenceArguments<E> a)
    {
        TStage.WeightGradientEnd(ref worker, in a);
        TRest.WeightGradientEnd(ref worker, in a);
    }
}
