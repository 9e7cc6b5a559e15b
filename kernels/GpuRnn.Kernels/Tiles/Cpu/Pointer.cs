using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Sequence;
using ILGPU;

namespace GpuRnn.Kernels.Tiles.Cpu;

/// <summary>Neighbouring vectors in memory.</summary>
unsafe struct Pointer<E, L> : ISlotMemory<L>
    where E : unmanaged
    where L : struct, IVector<L, E>
{
    public E* At;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Load(int slot) => L.Load(At + slot * L.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int slot, L value) => L.Store(At + slot * L.Width, value);
}

/// <summary>Addresses of device memory.</summary>
static unsafe class Memory
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

/// <summary>
/// How a panel's vectors lie in rows of H elements: a type, for a call in the loop that evaluates a cell would keep all its vectors in memory.
/// </summary>
unsafe interface IEdge
{
    /// <summary>A vector of which the first `count` elements exist; the others are 0.</summary>
    static abstract L Load<E, L>(E* p, int count) where E : unmanaged where L : struct, IVector<L, E>;
    /// <summary>Stores the first `count` elements of a vector.</summary>
    static abstract void Store<E, L>(E* p, L value, int count) where E : unmanaged where L : struct, IVector<L, E>;
}

/// <summary>The panel is full.</summary>
unsafe struct Whole : IEdge
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load<E, L>(E* p, int count) where E : unmanaged where L : struct, IVector<L, E> => L.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<E, L>(E* p, L value, int count) where E : unmanaged where L : struct, IVector<L, E> => L.Store(p, value);
}

/// <summary>The last panel reaches over the end of the rows.</summary>
unsafe struct Cut : IEdge
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static L Load<E, L>(E* p, int count) where E : unmanaged where L : struct, IVector<L, E>
    {
        E* whole = stackalloc E[L.Width];
        for (int i = 0; i < L.Width; i++) whole[i] = i < count ? p[i] : default;
        return L.Load(whole);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<E, L>(E* p, L value, int count) where E : unmanaged where L : struct, IVector<L, E>
    {
        E* whole = stackalloc E[L.Width];
        L.Store(whole, value);
        for (int i = 0; i < count; i++) p[i] = whole[i];
    }
}
