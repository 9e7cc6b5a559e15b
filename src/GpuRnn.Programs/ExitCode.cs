namespace GpuRnn.Programs;

/// <summary>How programs end, beside 0 for done.</summary>
public static class ExitCode
{
    /// <summary>What was checked is not as it should be.</summary>
    public const int Failed = 1;

    /// <summary>Bad input, or a failure that a line on standard error tells.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, or the system's wish to end.</summary>
    public const int Interrupted = 130;
}
