namespace GpuRnn.Kernels.Recurrent;

/// <summary>What a worker owns in a time loop: sequences [Row0, Row1) of panels [Panel0, Panel1).</summary>
struct Part
{
    /// <summary>First sequence.</summary>
    public int Row0;
    /// <summary>Behind the last sequence.</summary>
    public int Row1;
    /// <summary>First panel.</summary>
    public int Panel0;
    /// <summary>Behind the last panel.</summary>
    public int Panel1;

    /// <summary>The first of n items that belongs to a worker.</summary>
    public static int Share(int n, int worker, int workers) => (int)((long)n * worker / workers);

    /// <summary>Behind the last of the worker's sequences that live at a step.</summary>
    public readonly int ActiveEnd<E>(in SequenceArguments<E> a, int step) where E : unmanaged, IFloatingPointIeee754<E>
    {
        int active = a.Active[step];
        return active < Row0 ? Row0 : active < Row1 ? active : Row1;
    }
}
