using System.Runtime.CompilerServices;

namespace GpuRnn.Ptx.Instructions;

/// <summary>64 bits of a lane, as a number of some type in the lowest of them.</summary>
static class Slot
{
    /// <summary>The number, to write.</summary>
    public static ref T As<T>(ref ulong slot) => ref Unsafe.As<ulong, T>(ref slot);

    /// <summary>The number, to read.</summary>
    public static T Of<T>(in ulong slot) => Unsafe.As<ulong, T>(ref Unsafe.AsRef(in slot));
}
