namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>The forward pass of a layer of one stage, as clusters run it.</summary>
interface IClusterForward
{
    /// <summary>Steps [first, last) of the sequences of this cluster.</summary>
    static abstract void Forward(in SequenceArguments<float> a, int first, int last, long fault);
}

/// <summary>Its backward pass.</summary>
interface IClusterBackward
{
    /// <summary>The launch's steps backward, to gradients of gates and of the states that it began with.</summary>
    static abstract void Backward(in SequenceArguments<float> a, long fault);
}

/// <summary>A launch of clusters.</summary>
struct ClusterLaunch
{
    public SequenceArguments<float> Arguments;
    /// <summary>The step that it begins with.</summary>
    public int Step;
    /// <summary>The address of a word of the host: the <see cref="ClusterFault"/> of a wait that was given up.</summary>
    public long Fault;
}

/// <summary>What clusters launch.</summary>
static class ClusterKernels
{
    /// <summary>The steps from one on whose products of x were made at once.</summary>
    public static void ForwardSteps<TForward>(ClusterLaunch at) where TForward : struct, IClusterForward
    {
        ref readonly SequenceArguments<float> a = ref at.Arguments;
        int first = at.Step, last = first + a.Projected;
        TForward.Forward(in a, first, last < a.End ? last : a.End, at.Fault);
    }

    /// <summary>All steps of the launch backward.</summary>
    public static void BackwardSteps<TBackward>(ClusterLaunch at) where TBackward : struct, IClusterBackward =>
        TBackward.Backward(in at.Arguments, at.Fault);
}
