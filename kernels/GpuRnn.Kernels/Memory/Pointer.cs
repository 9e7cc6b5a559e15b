using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Memory;

/// <summary>Neighbouring vectors in memory.</summary>
unsafe struct Pointer<T, E, L> : ISlotMemory<L>
    where T : unmanaged, IStored<T, E>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IVector<L, E>
{
    public T* At;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Load(int slot) => T.Load<L>(At + slot * L.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int slot, L value) => T.Store(At + slot * L.Width, value);
}

/// <summary>The weights of a range of slots, which a storage may lay out together: a group. How many they are is a type.</summary>
unsafe struct GroupPointer<T, E, L, TRange> : ISlotMemory<L>
    where T : unmanaged, IStored<T, E>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IVector<L, E>
    where TRange : struct, IRange
{
    public T* At;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Load(int slot) => T.LoadOf<L>(At, slot, TRange.Count);

    /// <summary>Only packing writes weights.</summary>
    public readonly void Store(int slot, L value) => throw new NotSupportedException();
}

/// <summary>The same of numbers as they are computed with.</summary>
unsafe struct Pointer<E, L> : ISlotMemory<L>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IVector<L, E>
{
    public E* At;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Load(int slot) => L.Load(At + slot * L.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int slot, L value) => L.Store(At + slot * L.Width, value);
}
