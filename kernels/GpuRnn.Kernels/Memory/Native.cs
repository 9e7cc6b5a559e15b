using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Memory;

/// <summary>Addresses of device memory.</summary>
static unsafe class Native
{
    /// <summary>Memory of the CPU accelerator is native: its address does not move. Null for an empty buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E* Address<E>(in Buffer<E> buffer) where E : unmanaged => (E*)buffer.Address;

    /// <summary>A vector of which only the first `count` elements exist; the others are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load<E, L>(E* p, int count) where E : unmanaged where L : struct, IVector<L, E> =>
        count >= L.Width ? L.Load(p) : Cut.Load<E, L>(p, count);

    /// <summary>Stores the first `count` elements of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<E, L>(E* p, L value, int count) where E : unmanaged where L : struct, IVector<L, E>
    {
        if (count >= L.Width) L.Store(p, value);
        else Cut.Store(p, value, count);
    }

    /// <summary>Asks for the cache line of an address that will be read soon; any address is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* p)
    {
        if (Sse.IsSupported) Sse.Prefetch0(p);
    }

    public static void Copy<E>(E* from, E* to, int n) where E : unmanaged => new ReadOnlySpan<E>(from, n).CopyTo(new Span<E>(to, n));

    public static void Clear<E>(E* p, int n) where E : unmanaged => new Span<E>(p, n).Clear();
}
