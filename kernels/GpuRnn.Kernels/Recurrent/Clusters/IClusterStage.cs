namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>A layer of one stage as clusters run it.</summary>
interface IClusterStage
{
    /// <summary>Steps [first, last) of the sequences of this cluster.</summary>
    static abstract void Forward(in SequenceArguments<float> a, int first, int last);
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
}
