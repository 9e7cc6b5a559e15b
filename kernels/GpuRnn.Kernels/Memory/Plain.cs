using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Memory;

/// <summary>A number as it is computed with.</summary>
/// <typeparam name="E">float or double.</typeparam>
unsafe struct Plain<E> : IStored<Plain<E>, E> where E : unmanaged, IFloatingPointIeee754<E>
{
    E value;

    public static bool IsPlain => true;

    public static E Value(Plain<E> stored) => stored.value;

    public static Plain<E> Of(E value) => new() { value = value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Read(Plain<E>* p) => *(E*)p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load<L>(Plain<E>* p) where L : struct, IVector<L, E> => L.Load((E*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LoadOf<L>(Plain<E>* p, int i, int count) where L : struct, IVector<L, E> => L.Load((E*)p + i * L.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Place<L>(int i, int element, int count) where L : struct, IVector<L, E> => i * L.Width + element;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<L>(Plain<E>* p, L value) where L : struct, IVector<L, E> => L.Store((E*)p, value);
}
