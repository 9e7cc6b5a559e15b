using System.Runtime.InteropServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;

namespace GpuRnn.Kernels.Memory;

/// <summary>
/// A weight in a signed byte, to be multiplied by the scale of its gate row; for inference on a CPU. A panel is [groups of four columns]
/// [slots][units][four bytes], behind it the scale of each slot and unit and 64 times the sum of its bytes: inputs are bytes with 64 at
/// zero.
/// </summary>
/// <typeparam name="E">float.</typeparam>
/// <typeparam name="L">The lane of units.</typeparam>
/// <typeparam name="D">The slots, over lanes of bytes.</typeparam>
[StructLayout(LayoutKind.Sequential, Size = 1)]
unsafe struct Scaled<E, L, D> : IStored<Scaled<E, L, D>, E>
    where E : unmanaged, IFloatingPointIeee754<E>
    where L : struct, IVector<L, E>
    where D : struct, ISlots<D, Dots<L, E>>
{
    public static bool IsPlain => false;
    public static bool IsScaled => true;

    public static int MostDotRows => Product<E, Plain<E>, Plain<E>, Dots<L, E>, D, AllSlots<D, Dots<L, E>>>.MostRows;

    public static void Dots<TRange>(int rows, in Rows<E> inputs, nint groups, byte* weights, in Rows<E> output)
        where TRange : struct, IRange =>
        Product<E, Plain<E>, Plain<E>, Dots<L, E>, D, TRange>.Run(
            rows, Rows<Plain<E>>.Of(inputs), Walk.Along(groups), (Plain<E>*)weights, TRange.Count * L.Width, default, output);

    static NotSupportedException Not => new("A byte is a weight only with its scale.");

    public static E Value(Scaled<E, L, D> stored) => throw Not;
    public static Scaled<E, L, D> Of(E value) => throw Not;
    public static E Read(Scaled<E, L, D>* p) => throw Not;
    public static V Load<V>(Scaled<E, L, D>* p) where V : struct, IVector<V, E> => throw Not;
    public static V LoadOf<V>(Scaled<E, L, D>* p, int i, int count) where V : struct, IVector<V, E> => throw Not;
    public static nint Place<V>(int i, int element, int count) where V : struct, IVector<V, E> => throw Not;
    public static void Store<V>(Scaled<E, L, D>* p, V value) where V : struct, IVector<V, E> => throw Not;
}
