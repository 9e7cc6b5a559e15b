using GpuRnn.Devices.Machines;

namespace GpuRnn.Backends.Cpu.Speeds;

/// <summary>
/// What one worker of a CPU does in what time, where all of them work: what plans are made from. Times are counted in FMAs on a vector,
/// bandwidths in bytes in the time of one, so that a clock that wanders changes nothing.
/// </summary>
/// <param name="FirstLevel">Bytes of the first-level cache.</param>
/// <param name="SecondLevel">Bytes of the second-level cache that a worker has.</param>
/// <param name="LastLevel">Bytes of the last-level cache that the workers have together.</param>
sealed record CpuSpeeds(long FirstLevel, long SecondLevel, long LastLevel)
{
    /// <summary>
    /// FMAs' time that one of a register tile takes whose weights are in the first level, by the rows of the tile, 1 to 6: few rows have
    /// too few sums to keep a core busy, or want more weights than the cache gives.
    /// </summary>
    public IReadOnlyList<double> RowCosts { get; init; } = [1.3, 1, 1, 1, 1, 1];
    /// <summary>Bytes from the second.</summary>
    public double SecondBandwidth { get; init; } = 28;
    /// <summary>Bytes from the last.</summary>
    public double LastBandwidth { get; init; } = 10;
    /// <summary>Bytes from memory.</summary>
    public double MemoryBandwidth { get; init; } = 4;
    /// <summary>
    /// Bytes that another worker has just written, as products read them: some of a few rows, with nothing that runs ahead. Not measured
    /// by itself; what sharing units cost on an EPYC was 1.4 to 3.
    /// </summary>
    public double ExchangeBandwidth { get; init; } = 2;
    /// <summary>The time of a barrier of two workers.</summary>
    public double Meeting { get; init; } = 700;
    /// <summary>The time that a launch on several workers takes more than one on the caller alone: they may be asleep.</summary>
    public double Call { get; init; } = 20_000;

    /// <summary>Were they measured on this machine, by `gpurnn tune`, and not only read and taken for usual?</summary>
    public bool AreTuned { get; init; }

    /// <summary>All of it by name, as it is kept and shown.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Numbers =>
    [
        new("first_level", FirstLevel), new("second_level", SecondLevel), new("last_level", LastLevel),
        .. RowCosts.Select((cost, i) => new KeyValuePair<string, double>(RowName(i + 1), cost)),
        new("second_bandwidth", SecondBandwidth), new("last_bandwidth", LastBandwidth), new("memory_bandwidth", MemoryBandwidth),
        new("exchange_bandwidth", ExchangeBandwidth), new("meeting", Meeting), new("call", Call),
    ];

    /// <summary>The name of a tile's cost.</summary>
    public static string RowName(int rows) => FormattableString.Invariant($"rows_{rows}");

    /// <summary>What the machine tells; the rest is that of a middling processor.</summary>
    public static CpuSpeeds Of(Machine machine, int workers) => new(machine.FirstLevel, machine.SecondLevel,
        machine.LastLevel * Math.Max(1, workers / Math.Max(1, machine.LastLevelCores)));
}
