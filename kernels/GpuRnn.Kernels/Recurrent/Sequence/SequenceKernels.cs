
namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// The engine's passes over a batch of sequences, for every cell, element type and device: one launch a layer, direction and pass.
/// Where workers must meet and cannot do so inside a launch, the host launches the parts of a step one after another.
/// </summary>
public static class SequenceKernels
{
    /// <summary>Packs a layer's weights; launched when they have changed and never otherwise.</summary>
    public static void Pack<E, TTile>(SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E> =>
        TTile.Pack(in a, TTile.Worker(), TTile.Workers());

    /// <summary>The forward pass: the launch's steps, and behind the last of all the final states.</summary>
    public static void Forward<E, TTile, TStrategy>(SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy
    {
        Part part = TStrategy.PartOf(in a, TTile.Worker());
        if (a.Begin == 0) TTile.ClearPadding(in a, in part);
        for (int step = a.Begin; step < a.End; step++)
        {
            if (TTile.Projects && (step - a.Begin) % a.Projected == 0)
                TTile.Project(in a, in part, step, step + a.Projected < a.End ? step + a.Projected : a.End);
            TTile.Forward(in a, in part, step);
            Meet<E, TTile, TStrategy>(in a);
            if (TTile.Stages == 1) continue;
            TTile.ForwardSecond(in a, in part, step);
            Meet<E, TTile, TStrategy>(in a);
        }
        TTile.FinishStates(in a, in part);
    }

    /// <summary>
    /// The backward pass of the launch's steps, last step first; behind them the gradients of the states that they began with. Where workers can meet, dx a chunk of steps at a time
    /// while the gate gradients are in cache, and at the end the parameters' gradients; elsewhere these are launches of their own.
    /// </summary>
    public static void Backward<E, TTile, TStrategy>(SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy
    {
        int worker = TTile.Worker();
        Part part = TStrategy.PartOf(in a, worker);
        if (a.WantDx != 0 && a.Begin == 0) TTile.ClearInputGradientPadding(in a, in part);
        for (int end = a.End; end > a.Begin; end -= a.Chunk)
        {
            int begin = end - a.Begin > a.Chunk ? end - a.Chunk : a.Begin;
            for (int step = end - 1; step >= begin; step--)
            {
                TTile.Backward(in a, in part, step);
                Meet<E, TTile, TStrategy>(in a);
                if (TTile.Stages == 1) continue;
                TTile.BackwardSecond(in a, in part, step);
                Meet<E, TTile, TStrategy>(in a);
            }
            if (a.WantDx == 0 || !TTile.WorkersMeet) continue;
            int steps = end - begin;
            if (TStrategy.MeetsEachStep)
                TTile.InputGradient(in a, 0, a.B, begin + Part.Share(steps, worker, a.Workers), begin + Part.Share(steps, worker + 1, a.Workers));
            else
                TTile.InputGradient(in a, part.Row0, part.Row1, begin, end);
        }
        TTile.Backward(in a, in part, a.Begin - 1);
        if (!TTile.WorkersMeet || a.WantDw == 0) return;
        TTile.SyncAll(a.Barrier, a.Workers);
        TTile.WeightGradient(in a, worker, a.Workers);
    }

    /// <summary>What stands around the steps of a forward pass: zeros on padding, final states.</summary>
    public static void ForwardEnds<E, TTile, TStrategy>(SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy
    {
        Part part = TStrategy.PartOf(in a, TTile.Worker());
        TTile.ClearPadding(in a, in part);
        TTile.FinishStates(in a, in part);
    }

    /// <summary>The first stage of one step forward.</summary>
    public static void ForwardFirst<E, TTile, TStrategy>(SequenceArguments<E> a, int step)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy =>
        TTile.Forward(in a, TStrategy.PartOf(in a, TTile.Worker()), step);

    /// <summary>The second stage of one step forward.</summary>
    public static void ForwardSecond<E, TTile, TStrategy>(SequenceArguments<E> a, int step)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy =>
        TTile.ForwardSecond(in a, TStrategy.PartOf(in a, TTile.Worker()), step);

    /// <summary>One step backward, without what comes through q; step Begin - 1: the gradient of h that the steps began with, and zeros on dx's padding.</summary>
    public static void BackwardFirst<E, TTile, TStrategy>(SequenceArguments<E> a, int step)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy
    {
        Part part = TStrategy.PartOf(in a, TTile.Worker());
        TTile.Backward(in a, in part, step);
        if (step < 0 && a.WantDx != 0) TTile.ClearInputGradientPadding(in a, in part);
    }

    /// <summary>What comes through q at one step backward.</summary>
    public static void BackwardSecond<E, TTile, TStrategy>(SequenceArguments<E> a, int step)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy =>
        TTile.BackwardSecond(in a, TStrategy.PartOf(in a, TTile.Worker()), step);

    /// <summary>dx of the launch's steps, which are shared out to workers.</summary>
    public static void InputGradient<E, TTile>(SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E>
    {
        int worker = TTile.Worker(), workers = TTile.Workers();
        int steps = a.End - a.Begin;
        TTile.InputGradient(in a, 0, a.B, a.Begin + Part.Share(steps, worker, workers), a.Begin + Part.Share(steps, worker + 1, workers));
    }

    /// <summary>The parameters' gradients.</summary>
    public static void WeightGradient<E, TTile>(SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E> =>
        TTile.WeightGradient(in a, TTile.Worker(), TTile.Workers());

    /// <summary>Between steps: the whole team if it shares hidden units, else only the threads of this worker.</summary>
    static void Meet<E, TTile, TStrategy>(in SequenceArguments<E> a)
        where E : unmanaged where TTile : struct, ITile<E> where TStrategy : struct, IStrategy
    {
        if (TStrategy.MeetsEachStep) TTile.SyncAll(a.Barrier, a.Workers);
        else TTile.SyncWorker();
    }
}
