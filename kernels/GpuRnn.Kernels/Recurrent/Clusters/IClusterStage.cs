namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>A layer of one stage as clusters run it.</summary>
interface IClusterStage
{
    /// <summary>Steps [first, last) of the sequences of this cluster.</summary>
    static abstract void Forward(in SequenceArguments<float> a, int first, int last);
    /// <summary>The launch's steps backward, to gradients of gates and of the states that it began with.</summary>
    static abstract void Backward(in SequenceArguments<float> a);
}

/// <summary>What clusters launch.</summary>
static class ClusterKernels
{
    /// <summary>The steps from one on whose products of x were made at once.</summary>
    public static void ForwardSteps<TAt, TStage>(TAt at) where TAt : struct, IArgumentsAt<TAt, float> where TStage : struct, IClusterStage
    {
        ref readonly SequenceArguments<float> a = ref TAt.Of(in at);
        int first = TAt.StepOf(in at), last = first + a.Projected;
        TStage.Forward(in a, first, last < a.End ? last : a.End);
    }

    /// <summary>All steps of the launch backward.</summary>
    public static void BackwardSteps<TAt, TStage>(TAt at)
        where TAt : struct, IArgumentsAt<TAt, float> where TStage : struct, IClusterStage => TStage.Backward(in TAt.Of(in at));
}
