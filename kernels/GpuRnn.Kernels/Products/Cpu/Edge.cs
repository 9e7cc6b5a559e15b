using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// How a panel's vectors lie in rows of H elements: a type, for a call in the loop that evaluates a cell would keep all its vectors in
/// memory.
/// </summary>
unsafe interface IEdge
{
    /// <summary>A vector of which the first `count` elements exist; the others are 0.</summary>
    static abstract L Load<E, L>(E* p, int count) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>;
    /// <summary>Stores the first `count` elements of a vector.</summary>
    static abstract void Store<E, L>(E* p, L value, int count)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>;
    /// <summary>
    /// Clears what is behind the first `count` elements of neighbouring vectors. Lanes that belong to no unit are computed like all
    /// others, where 0 times infinity is no number: what sums over a panel must not meet it.
    /// </summary>
    static abstract void ClearBehind<T>(T* p, int vectors, int width, int count) where T : unmanaged;
}

/// <summary>The panel is full.</summary>
unsafe struct Whole : IEdge
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load<E, L>(E* p, int count) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E> => L.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<E, L>(E* p, L value, int count)
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E> =>
        L.Store(p, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearBehind<T>(T* p, int vectors, int width, int count) where T : unmanaged { }
}

/// <summary>The last panel reaches over the end of the rows.</summary>
unsafe struct Cut : IEdge
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static L Load<E, L>(E* p, int count) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>
    {
        E* whole = stackalloc E[L.Width];
        for (int i = 0; i < L.Width; i++) whole[i] = i < count ? p[i] : default;
        return L.Load(whole);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<E, L>(E* p, L value, int count) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>
    {
        E* whole = stackalloc E[L.Width];
        L.Store(whole, value);
        for (int i = 0; i < count; i++) p[i] = whole[i];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ClearBehind<T>(T* p, int vectors, int width, int count) where T : unmanaged
    {
        for (int i = 0; i < vectors; i++, p += width) Native.Clear(p + count, width - count);
    }
}
