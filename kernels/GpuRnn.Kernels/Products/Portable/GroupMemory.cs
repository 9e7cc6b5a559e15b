using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// What the threads of a group share: operands of a product while it runs, its sums behind it. Made once a launch, for each call in a
/// kernel that made one would have its own.
/// </summary>
readonly struct GroupMemory
{
    /// <summary>Sums of all threads, columns four elements further apart than rows need: 5120; and more for what is staged.</summary>
    const int Elements = 5376;
    const int MostRows = 64;

    readonly ArrayView<byte> elements;

    /// <summary>[rows of a tile] Where each row's elements begin; the complement of some place for none.</summary>
    public readonly ArrayView<int> Bases;

    GroupMemory(ArrayView<byte> elements, ArrayView<int> bases) => (this.elements, Bases) = (elements, bases);

    /// <summary>At the start of a launch.</summary>
    public static GroupMemory Make<E>() where E : unmanaged, IFloatingPointIeee754<E> =>
        new(SharedMemory.Allocate<Quad<E>>(Elements / 4).Cast<byte>(), SharedMemory.Allocate<int>(MostRows));

    /// <summary>As numbers.</summary>
    public ArrayView<E> Of<E>() where E : unmanaged, IFloatingPointIeee754<E> => elements.Cast<E>();

    /// <summary>As quads of numbers.</summary>
    public ArrayView<Quad<E>> Quads<E>() where E : unmanaged, IFloatingPointIeee754<E> => elements.Cast<Quad<E>>();
}
