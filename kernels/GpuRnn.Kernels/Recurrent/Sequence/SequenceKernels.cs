namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// The engine's passes over a batch of sequences, for every cell, element type and device. A way of running a layer launches some of
/// these: for the whole span of steps, or each step. Where their arguments are is a type, too.
/// </summary>
static class SequenceKernels
{
    /// <summary>Packs a layer's weights; launched when they have changed and never otherwise.</summary>
    public static void Pack<E, TAt, TWorker, TTile>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker> where TTile : struct, ITile<E, TWorker>
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.Pack(in a, worker.Index, worker.Count);
        worker.Leave(in a);
    }

    /// <summary>The forward pass: the launch's steps, and behind the last of all the final states.</summary>
    public static void Forward<E, TAt, TWorker, TTile, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TTile : struct, ITile<E, TWorker> where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.ForwardBegin<TStrategy>(ref worker, in a);
        for (int t = a.Begin; t < a.End; t++)
        {
            worker.Step(in a, t);
            TTile.Forward<TStrategy>(ref worker, in a, t);
        }
        TTile.ForwardEnd<TStrategy>(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>The same, with the products of x made for many steps at once.</summary>
    public static void ForwardProjected<E, TAt, TWorker, TTile, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TTile : struct, ITile<E, TWorker> where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.ForwardBegin<TStrategy>(ref worker, in a);
        for (int first = a.Begin; first < a.End; first += a.Projected)
        {
            int last = first + a.Projected < a.End ? first + a.Projected : a.End;
            TTile.Project<TStrategy>(ref worker, in a, first, last);
            for (int t = first; t < last; t++)
            {
                worker.Step(in a, t);
                TTile.Forward<TStrategy>(ref worker, in a, t);
            }
        }
        TTile.ForwardEnd<TStrategy>(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>
    /// The backward pass in one launch, for workers that run at the same time: dx a chunk of steps at a time, while the gate gradients are
    /// in cache, and at the end the parameters' gradients.
    /// </summary>
    public static void BackwardWhole<E, TAt, TWorker, TTile, TFirst, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TTile : struct, ITile<E, TWorker> where TFirst : struct, IStageTile<E, TWorker>
        where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        for (int end = a.End; end > a.Begin; end -= a.Chunk)
        {
            int begin = end - a.Begin > a.Chunk ? end - a.Chunk : a.Begin;
            for (int t = end - 1; t >= begin; t--)
            {
                worker.Step(in a, t);
                TTile.Backward<TStrategy, TFirst>(ref worker, in a, t);
            }
            if (a.WantDx == 0) continue;
            // gate gradients of all units are there: steps are shared out to those who own the sequences
            Part part = TStrategy.PartOf(in a, a.First.Panels, worker.Index, worker.Count);
            int steps = end - begin;
            TTile.InputGradient(ref worker, in a, part.Row0, part.Row1, begin + Part.Share(steps, worker.Member, worker.Members),
                begin + Part.Share(steps, worker.Member + 1, worker.Members));
        }
        TTile.Backward<TStrategy, TFirst>(ref worker, in a, a.Begin - 1);
        TTile.BackwardEnds<TStrategy>(ref worker, in a);
        worker.MeetAll(in a);
        TTile.WeightGradient(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>What stands around the steps of a forward pass, where these are launches of their own.</summary>
    public static void ForwardEnds<E, TAt, TWorker, TTile, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TTile : struct, ITile<E, TWorker> where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.ForwardBegin<TStrategy>(ref worker, in a);
        TTile.ForwardEnd<TStrategy>(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>What stands behind the steps of a backward pass, where these are launches of their own.</summary>
    public static void BackwardEnds<E, TAt, TWorker, TTile, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TTile : struct, ITile<E, TWorker> where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.BackwardEnds<TStrategy>(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>A stage of one step forward.</summary>
    public static void ForwardStage<E, TAt, TWorker, TStage, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TStage : struct, IStageTile<E, TWorker> where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TStage.Forward(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), TAt.StepOf(in at));
        worker.Leave(in a);
    }

    /// <summary>
    /// A stage of one step backward; of the last stage at step Begin - 1, the gradient of the h that the steps began with.
    /// </summary>
    public static void BackwardStage<E, TAt, TWorker, TStage, TReader, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TStage : struct, IStageTile<E, TWorker> where TReader : struct, IStageTile<E, TWorker>
        where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TStage.Backward<TReader>(ref worker, in a, Between<TWorker, TStrategy>.Own<E, TStage>(ref worker, in a), TAt.StepOf(in at));
        worker.Leave(in a);
    }

    /// <summary>Products of x of the steps from one on, as many as are made at once, where steps are launches of their own.</summary>
    public static void Project<E, TAt, TWorker, TTile, TStrategy>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker>
        where TTile : struct, ITile<E, TWorker> where TStrategy : struct, IStrategy
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        int first = TAt.StepOf(in at), last = first + a.Projected;
        TTile.Project<TStrategy>(ref worker, in a, first, last < a.End ? last : a.End);
        worker.Leave(in a);
    }

    /// <summary>dx of the launch's steps, which workers share.</summary>
    public static void InputGradient<E, TAt, TWorker, TTile>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker> where TTile : struct, ITile<E, TWorker>
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.InputGradient(ref worker, in a, 0, a.B, a.Begin, a.End);
        worker.Leave(in a);
    }

    /// <summary>What stands before the parameters' gradients, where these are a launch of their own.</summary>
    public static void WeightGradientBegin<E, TAt, TWorker, TTile>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker> where TTile : struct, ITile<E, TWorker>
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.WeightGradientBegin(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>The parameters' gradients.</summary>
    public static void WeightGradient<E, TAt, TWorker, TTile>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker> where TTile : struct, ITile<E, TWorker>
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.WeightGradient(ref worker, in a);
        worker.Leave(in a);
    }

    /// <summary>What stands behind them.</summary>
    public static void WeightGradientEnd<E, TAt, TWorker, TTile>(TAt at)
        where E : unmanaged, IFloatingPointIeee754<E> where TAt : struct, IArgumentsAt<TAt, E>
        where TWorker : struct, IWorker<TWorker> where TTile : struct, ITile<E, TWorker>
    {
        ref readonly SequenceArguments<E> a = ref TAt.Of(in at);
        TWorker worker = TWorker.Enter(in a);
        TTile.WeightGradientEnd(ref worker, in a);
        worker.Leave(in a);
    }
}
