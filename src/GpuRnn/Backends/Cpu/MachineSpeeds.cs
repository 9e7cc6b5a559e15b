using GpuRnn.Devices.Machines;

namespace GpuRnn.Backends.Cpu;

/// <summary>
/// What one worker of a CPU does in what time, where all of them work. Times are counted in FMAs on a vector, bandwidths in bytes in the
/// time of one, so that a clock that wanders changes nothing.
/// </summary>
/// <param name="FirstLevel">Bytes of the first-level cache.</param>
/// <param name="SecondLevel">Bytes of the second-level cache that a worker has.</param>
/// <param name="LastLevel">Bytes of the last-level cache that the workers have together.</param>
sealed record MachineSpeeds(long FirstLevel, long SecondLevel, long LastLevel)
{
    /// <summary>Bytes from the first level.</summary>
    public double FirstBandwidth { get; init; } = 64;
    /// <summary>Bytes from the second.</summary>
    public double SecondBandwidth { get; init; } = 28;
    /// <summary>Bytes from the last.</summary>
    public double LastBandwidth { get; init; } = 10;
    /// <summary>Bytes from memory.</summary>
    public double MemoryBandwidth { get; init; } = 4;
    /// <summary>Bytes that another worker has just written.</summary>
    public double ExchangeBandwidth { get; init; } = 2;
    /// <summary>The time of a barrier of two workers.</summary>
    public double Meeting { get; init; } = 700;
    /// <summary>The time that a launch on several workers takes more than one on the caller alone: they may be asleep.</summary>
    public double Call { get; init; } = 20_000;
    /// <summary>What the machine tells; the rest is that of a middling processor.</summary>
    public static MachineSpeeds Of(Machine machine, int workers) => new(machine.FirstLevel, machine.SecondLevel,
        machine.LastLevel * Math.Max(1, workers / Math.Max(1, machine.LastLevelCores)));
}
