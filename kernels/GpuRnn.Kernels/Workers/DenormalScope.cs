namespace GpuRnn.Kernels.Workers;

/// <summary>
/// This thread takes denormal numbers for zero until the outermost of its scopes ends: to change that takes as long as a step of a small
/// network, so a pass of many launches does it once.
/// </summary>
readonly struct DenormalScope : IDisposable
{
    [ThreadStatic] static int t_depth;
    [ThreadStatic] static long t_before;

    readonly bool entered;

    DenormalScope(bool entered) => this.entered = entered;

    /// <summary>Begins one.</summary>
    public static DenormalScope Enter()
    {
        if (t_depth++ == 0) t_before = Denormals.Flush();
        return new(true);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (entered && --t_depth == 0) Denormals.PutBack(t_before);
    }
}
