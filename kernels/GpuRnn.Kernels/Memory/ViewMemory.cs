using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using ILGPU;

namespace GpuRnn.Kernels.Memory;

/// <summary>A thread's slots in a view: slot after slot, `stride` elements apart.</summary>
readonly struct ViewMemory<T, E, L>(Buffer<T> view, int at, int stride) : ISlotMemory<L>
    where T : unmanaged, IStored<T, E>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IScalar<L, E>
{
    readonly Buffer<T> view = view;
    readonly int at = at;
    readonly int stride = stride;

    public L Load(int slot) => L.Of(T.Value(view[at + slot * stride]));

    public void Store(int slot, L value) => view[at + slot * stride] = T.Of(L.Value(value));
}

/// <summary>The same of numbers as they are computed with.</summary>
readonly struct ViewMemory<E, L>(Buffer<E> view, int at, int stride) : ISlotMemory<L>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IScalar<L, E>
{
    readonly Buffer<E> view = view;
    readonly int at = at;
    readonly int stride = stride;

    public L Load(int slot) => L.Of(view[at + slot * stride]);

    public void Store(int slot, L value) => view[at + slot * stride] = L.Value(value);
}
