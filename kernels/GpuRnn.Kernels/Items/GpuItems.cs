using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using ILGPU;

namespace GpuRnn.Kernels.Items;

/// <summary>An item a thread of a grid, and so on around the grid.</summary>
struct GpuItems : IItems
{
    /// <summary>Threads a group: few, so that few items are spread.</summary>
    public const int Threads = 64;

    /// <inheritdoc/>
    public static void Run<TWork, TArguments>(in TArguments a) where TWork : struct, IItemWork<TArguments> where TArguments : struct
    {
        int items = TWork.Items(a);
        for (int i = Grid.IdxX * Group.DimX + Group.IdxX; i < items; i += Grid.DimX * Group.DimX) TWork.Item(a, i);
    }
}

/// <summary>One number by its index.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
struct ScalarAccess<E, L> : IAccess<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static int Width => 1;
    /// <inheritdoc/>
    public static L Load(in Buffer<E> memory, int at, int count) => L.Of(memory[at]);
    /// <inheritdoc/>
    public static void Store(in Buffer<E> memory, int at, L value, int count) => memory[at] = L.Value(value);
    /// <inheritdoc/>
    public static E Sum(L value) => L.Value(value);
    /// <inheritdoc/>
    public static int Block => 1;
    /// <inheritdoc/>
    public static E Number(in Buffer<E> memory, int at) => memory[at];
    /// <inheritdoc/>
    public static int At(in Buffer<int> list, int at) => list[at];
}
