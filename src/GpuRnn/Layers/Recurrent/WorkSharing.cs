namespace GpuRnn.Layers;

/// <summary>How the workers of a CPU share a pass of a layer: a grid of groups and members.</summary>
/// <param name="Groups">Groups of workers; each owns sequences.</param>
/// <param name="Members">Workers of a group; they share the hidden units of its sequences and meet after each step.</param>
/// <param name="ProjectedSteps">Steps whose products of x are made at once; 0 where each step makes its own.</param>
public readonly record struct WorkSharing(int Groups, int Members, int ProjectedSteps)
{
    /// <summary>Workers of the grid.</summary>
    public int Workers => Groups * Members;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Groups} x {Members}{(ProjectedSteps > 0 ? $", x projected {ProjectedSteps} steps at a time" : "")}";
}

/// <summary>A way of sharing a pass that could be taken, and its predicted time.</summary>
/// <param name="Sharing">The way.</param>
/// <param name="Time">In FMAs on a vector; the least is taken.</param>
public readonly record struct SharingTime(WorkSharing Sharing, double Time);
