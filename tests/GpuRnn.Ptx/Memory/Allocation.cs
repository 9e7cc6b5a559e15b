namespace GpuRnn.Ptx.Memory;

/// <summary>
/// Memory that the program allocated on the device: a range of addresses of its own, far from every other, so that whoever leaves it meets
/// nobody.
/// </summary>
/// <param name="number">Which it is.</param>
/// <param name="native">Where the bytes are.</param>
/// <param name="bytes">How many.</param>
sealed unsafe class Allocation(int number, byte* native, long bytes)
{
    const int Shift = 40;

    /// <summary>Which it is.</summary>
    public int Number => number;

    /// <summary>Its first address.</summary>
    public ulong Address => (ulong)number << Shift;

    /// <summary>Its bytes.</summary>
    public byte* Native => native;

    /// <summary>How many.</summary>
    public long Bytes => bytes;

    /// <summary>Who touched what.</summary>
    public Shadow Shadow { get; } = new(bytes);

    /// <summary>The number of the allocation that an address is in.</summary>
    public static int NumberOf(ulong address) => (int)(address >> Shift);

    /// <summary>How far in it.</summary>
    public static long Offset(ulong address) => (long)(address & (1UL << Shift) - 1);
}
