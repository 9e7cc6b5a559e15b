using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Workers;

/// <summary>
/// Makes a thread take denormal numbers for zero. x86 processors compute with them in microcode, a hundred times slower, and what
/// decays - a gradient on its way through many steps, an optimizer's moments of weights without gradient - goes through them.
/// </summary>
/// <remarks>
/// .NET has no call for it, every system's C library has: fegetenv and fesetenv with the control register in a known place (Linux with
/// glibc and musl, macOS; x64 and Arm64), _controlfp_s on Windows. Where a system has neither nothing is done: results are right
/// without it.
/// </remarks>
static unsafe class Denormals
{
    /// <summary>On x64, bits of MXCSR: flush to zero (15) what is computed, and take for zero (6) what is read.</summary>
    const ulong X64Bits = 1 << 15 | 1 << 6;
    /// <summary>On Arm64, the bit FZ of FPCR, for both.</summary>
    const ulong Arm64Bits = 1 << 24;
    const uint WindowsMask = 0x03000000, WindowsFlush = 0x01000000;

    /// <summary>Where the C library keeps the control register in its fenv_t: bytes from the beginning, and how many.</summary>
    readonly record struct Place(int Offset, int Bytes, ulong Bits);

    static readonly Place? s_place = (OperatingSystem.IsMacOS(), RuntimeInformation.ProcessArchitecture) switch
    {
        (false, Architecture.X64) => new(28, 4, X64Bits),
        (false, Architecture.Arm64) => new(0, 4, Arm64Bits),
        (true, Architecture.X64) => new(4, 4, X64Bits),
        (true, Architecture.Arm64) => new(8, 8, Arm64Bits),
        _ => null,
    };

    static readonly delegate* unmanaged<void*, int> s_get = (delegate* unmanaged<void*, int>)Export("fegetenv");
    static readonly delegate* unmanaged<void*, int> s_set = (delegate* unmanaged<void*, int>)Export("fesetenv");
    static readonly delegate* unmanaged<uint*, uint, uint, int> s_control = (delegate* unmanaged<uint*, uint, uint, int>)Export(
        "_controlfp_s");

    static nint Export(string name)
    {
        string[] libraries = OperatingSystem.IsWindows() ? ["ucrtbase.dll"]
            : OperatingSystem.IsMacOS() ? ["libSystem.dylib"]
            : OperatingSystem.IsLinux() ? ["libm.so.6", "libc.so"]
            : [];
        foreach (string library in libraries)
            if (NativeLibrary.TryLoad(library, out nint handle)
                && NativeLibrary.TryGetExport(handle, name, out nint address)) return address;
        return 0;
    }

    /// <summary>A kernel: each thread of the group flushes from now on.</summary>
    /// <param name="before">[threads] What they did before.</param>
    public static void FlushKernel(ArrayView<long> before) => FlushThread(before);

    /// <summary>A kernel: each thread of the group does again what it did before.</summary>
    /// <param name="before">[threads] What <see cref="FlushKernel"/> left.</param>
    public static void PutBackKernel(ArrayView<long> before) => PutBackThread(before);

    /// <summary>What <see cref="FlushKernel"/> does on a thread.</summary>
    /// <param name="before">[threads].</param>
    [IntrinsicImplementation]
    public static void FlushThread(ArrayView<long> before) => before[Group.IdxX] = Flush();

    /// <summary>What <see cref="PutBackKernel"/> does on a thread.</summary>
    /// <param name="before">[threads].</param>
    [IntrinsicImplementation]
    public static void PutBackThread(ArrayView<long> before) => PutBack(before[Group.IdxX]);

    /// <summary>This thread takes denormal numbers for zero.</summary>
    /// <returns>What <see cref="PutBack"/> takes; -1 where the system has no way.</returns>
    public static long Flush() => Change(ulong.MaxValue);

    /// <summary>This thread treats denormal numbers as it did before.</summary>
    /// <param name="before">What <see cref="Flush"/> returned.</param>
    public static void PutBack(long before)
    {
        if (before >= 0) Change((ulong)before);
    }

    /// <summary>Sets the bits that matter here; returns them as they were.</summary>
    static long Change(ulong bits)
    {
        if (s_control != null)
        {
            uint was = 0, now = 0;
            if (s_control(&was, 0, 0) != 0) return -1;
            _ = s_control(&now, bits == ulong.MaxValue ? WindowsFlush : (uint)bits, WindowsMask);
            return was & WindowsMask;
        }
        if (s_place is not { } place || s_get == null || s_set == null) return -1;
        byte* environment = stackalloc byte[64];
        if (s_get(environment) != 0) return -1;
        byte* at = environment + place.Offset;
        ulong register = place.Bytes == 8 ? *(ulong*)at : *(uint*)at, next = register & ~place.Bits | bits & place.Bits;
        if (place.Bytes == 8) *(ulong*)at = next;
        else *(uint*)at = (uint)next;
        _ = s_set(environment);
        return (long)(register & place.Bits);
    }
}
