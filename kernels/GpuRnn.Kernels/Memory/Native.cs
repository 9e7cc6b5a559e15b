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
    public static T* Address<T>(in Buffer<T> buffer) where T : unmanaged => (T*)buffer.Address;

    /// <summary>A vector of which only the first `count` elements exist; the others are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load<E, L>(E* p, int count) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E> =>
        count >= L.Width ? L.Load(p) : Cut.Load<E, L>(p, count);

    /// <summary>Stores the first `count` elements of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<E, L>(E* p, L value, int count) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>
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

    public static void Copy<T>(T* from, T* to, int n) where T : unmanaged => new ReadOnlySpan<T>(from, n).CopyTo(new Span<T>(to, n));

    public static void Clear<T>(T* p, int n) where T : unmanaged => new Span<T>(p, n).Clear();
}
