namespace GpuRnn.Ptx.Machine;

/// <summary>What a launch says beside its arguments, and how it is to be run.</summary>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of each.</param>
/// <param name="Seed">Of the order in which everything happens.</param>
sealed record LaunchShape((int X, int Y, int Z) Grid, (int X, int Y, int Z) Block, int Seed)
{
    /// <summary>Blocks of a cluster.</summary>
    public int Cluster { get; init; } = 1;

    /// <summary>Bytes of shared memory beside those that the kernel names.</summary>
    public int DynamicShared { get; init; }

    /// <summary>Blocks that run at the same time, at most; all of them where they wait for each other.</summary>
    public int Resident { get; init; } = 6;

    /// <summary>
    /// Are races faults, and reads of shared memory that nothing wrote? Not where a kernel goes on behind a wait that it gave up.
    /// </summary>
    public bool SeesRaces { get; init; } = true;

    /// <summary>Nanoseconds of an instruction of a warp: the clock of the grid goes by those of all of them.</summary>
    public int InstructionTime { get; init; } = 100;

    /// <summary>Instructions that all warps may run together, at most.</summary>
    public long Most { get; init; } = 1_000_000_000;
}
