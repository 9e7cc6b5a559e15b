using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;

namespace GpuRnn.Kernels.Memory;

/// <summary>
/// How a number lies in memory that only kernels see: packed weights, saved gates. What is computed with is E; half a number's bytes are
/// half the traffic. A storage is a type, so cells never know which one it is.
/// </summary>
/// <typeparam name="TSelf">A stored number.</typeparam>
/// <typeparam name="E">float or double.</typeparam>
unsafe interface IStored<TSelf, E> where TSelf : unmanaged, IStored<TSelf, E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Is it E itself? Then sums may pass through it.</summary>
    static abstract bool IsPlain { get; }

    /// <summary>
    /// On a CPU: has it meaning only with a scale a gate row? Then products are made of whole numbers, by <see cref="Dots{TRange}"/>.
    /// </summary>
    static virtual bool IsScaled => false;

    /// <summary>
    /// On a CPU, for storages that are scaled: whole sums of products of a tile of rows and a panel's weights, in a range of its slots.
    /// </summary>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="inputs">Each row's inputs, four bytes an element.</param>
    /// <param name="groups">Elements of a row.</param>
    /// <param name="weights">The panel.</param>
    /// <param name="output">All slots of each row.</param>
    static virtual void Dots<TRange>(int rows, in Rows<E> inputs, nint groups, byte* weights, in Rows<E> output)
        where TRange : struct, IRange => throw new NotSupportedException();

    /// <summary>Rows of a full tile of these.</summary>
    static virtual int MostDotRows => 0;

    /// <summary>The number.</summary>
    static abstract E Value(TSelf stored);

    /// <summary>A number, rounded to what is stored.</summary>
    static abstract TSelf Of(E value);

    /// <summary>On a CPU: a number in memory.</summary>
    static abstract E Read(TSelf* p);

    /// <summary>On a CPU: a vector's width of neighbours.</summary>
    static abstract L Load<L>(TSelf* p) where L : struct, IVector<L, E>;

    /// <summary>On a CPU: vector i of a group of `count` from p on, which a storage may lay out together.</summary>
    static abstract L LoadOf<L>(TSelf* p, int i, int count) where L : struct, IVector<L, E>;

    /// <summary>On a CPU: where an element of vector i of such a group lies.</summary>
    static abstract nint Place<L>(int i, int element, int count) where L : struct, IVector<L, E>;

    /// <summary>On a CPU: writes a vector's width of neighbours.</summary>
    static abstract void Store<L>(TSelf* p, L value) where L : struct, IVector<L, E>;
}
