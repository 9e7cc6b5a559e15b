using ILGPU;

namespace GpuRnn.Kernels.Recurrent;

/// <summary>Rows of states between a store and a batch, for passes whose initial states must outlive the forward pass.</summary>
static class StateKernels
{
    /// <summary>dense[b] = store[slots[b]], rows of `width` elements.</summary>
    public static void Gather<E>(ArrayView<E> store, ArrayView<int> slots, ArrayView<E> dense, int count, int width)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        for (int i = Grid.IdxX * Group.DimX + Group.IdxX; i < count * width; i += Grid.DimX * Group.DimX)
            dense[i] = store[(long)slots[i / width] * width + i % width];
    }

    /// <summary>store[slots[b]] = dense[b].</summary>
    public static void Scatter<E>(ArrayView<E> store, ArrayView<int> slots, ArrayView<E> dense, int count, int width)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        for (int i = Grid.IdxX * Group.DimX + Group.IdxX; i < count * width; i += Grid.DimX * Group.DimX)
            store[(long)slots[i / width] * width + i % width] = dense[i];
    }
}
