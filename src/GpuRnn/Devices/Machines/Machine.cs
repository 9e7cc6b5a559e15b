namespace GpuRnn.Devices.Machines;

/// <summary>A cache of a processor.</summary>
/// <param name="Level">1 to 3.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Cores">Cores that share it, as the system counts cores: a core with two threads counts as two.</param>
readonly record struct Cache(int Level, long Bytes, int Cores);

/// <summary>What a system tells of its processor. Each system is a file.</summary>
interface IMachineReader
{
    /// <summary>The caches for data that its first core has, smallest first; empty where the system does not tell.</summary>
    IReadOnlyList<Cache> Caches();

    /// <summary>The processor's name; empty where the system does not tell.</summary>
    string Name();
}

/// <summary>The processor that the program runs on, as far as the engine's plans depend on it. Read once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FirstLevel">Bytes of the first-level data cache of a core.</param>
/// <param name="SecondLevel">Bytes of second-level cache a core has.</param>
/// <param name="LastLevel">Bytes of the last-level cache that a core shares.</param>
/// <param name="LastLevelCores">Cores that share it.</param>
sealed record Machine(string Name, long FirstLevel, long SecondLevel, long LastLevel, int LastLevelCores)
{
    /// <summary>Caches that most processors have at least.</summary>
    const long UsualFirst = 32 << 10, UsualSecond = 512 << 10, UsualLast = 8 << 20;

    static readonly Lazy<Machine> s_this = new(() => Read(
        OperatingSystem.IsLinux() ? new LinuxMachine("/")
        : OperatingSystem.IsWindows() ? new WindowsMachine()
        : OperatingSystem.IsMacOS() ? new MacMachine()
        : new UnknownMachine()));

    /// <summary>This one.</summary>
    public static Machine This => s_this.Value;

    /// <summary>What a reader tells, and what is usual where it does not.</summary>
    public static Machine Read(IMachineReader reader)
    {
        IReadOnlyList<Cache> caches = reader.Caches();
        Cache first = Level(1, UsualFirst), second = Level(2, UsualSecond), last = Level(3, 0);
        // where there is no third level, the second is the last
        if (last.Bytes == 0) last = caches.Count > 0 ? second : new(3, UsualLast, 0);
        string name = reader.Name();
        return new(name.Length > 0 ? name : "processor", Share(first), Share(second), last.Bytes,
            last.Cores > 0 ? last.Cores : Environment.ProcessorCount);

        Cache Level(int level, long usual) =>
            caches.FirstOrDefault(c => c.Level == level && c.Bytes > 0) is { Bytes: > 0 } cache ? cache : new(level, usual, 1);
    }

    /// <summary>
    /// What a core has of a cache that cores share. Two threads of one core are two, and a worker is told to have half of what it then has,
    /// which is right where both work.
    /// </summary>
    static long Share(Cache cache) => cache.Bytes / Math.Max(1, cache.Cores);
}

/// <summary>A system that does not tell.</summary>
sealed class UnknownMachine : IMachineReader
{
    public IReadOnlyList<Cache> Caches() => [];
    public string Name() => "";
}
