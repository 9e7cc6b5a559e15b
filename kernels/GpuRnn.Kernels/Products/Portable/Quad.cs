using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Products;

/// <summary>Four neighbours, which a GPU loads and stores at once.</summary>
/// <typeparam name="T">What they are.</typeparam>
struct Quad<T> where T : unmanaged
{
    public T A, B, C, D;
}

/// <summary>Four quads: a GPU has no arrays in registers.</summary>
/// <typeparam name="T">What they hold.</typeparam>
struct Quads<T> where T : unmanaged
{
    public Quad<T> A, B, C, D;
}

/// <summary>Sums of a thread: four columns by four rows.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
struct Sums<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    Row a, b, c, d;

    struct Row
    {
        L a, b, c, d;

        public static void Fma(ref Row sums, L w, Quad<E> x)
        {
            sums.a = L.Fma(w, L.Of(x.A), sums.a);
            sums.b = L.Fma(w, L.Of(x.B), sums.b);
            sums.c = L.Fma(w, L.Of(x.C), sums.c);
            sums.d = L.Fma(w, L.Of(x.D), sums.d);
        }

        public static Quad<E> Value(in Row sums) =>
            new() { A = L.Value(sums.a), B = L.Value(sums.b), C = L.Value(sums.c), D = L.Value(sums.d) };
    }

    public static void Clear(ref Sums<E, L> sums)
    {
        L zero = L.Splat(0);
        Row none = default;
        Row.Fma(ref none, zero, default);
        sums = new() { a = none, b = none, c = none, d = none };
    }

    /// <summary>sum + w * x for every pair of a column and a row.</summary>
    public static void Fma(ref Sums<E, L> sums, Quad<E> w, Quad<E> x)
    {
        Row.Fma(ref sums.a, L.Of(w.A), x);
        Row.Fma(ref sums.b, L.Of(w.B), x);
        Row.Fma(ref sums.c, L.Of(w.C), x);
        Row.Fma(ref sums.d, L.Of(w.D), x);
    }

    /// <summary>The rows of each column to memory, columns `pitch` quads apart.</summary>
    public static void Store(in Sums<E, L> sums, ArrayView<Quad<E>> to, int at, int pitch)
    {
        to[at] = Row.Value(in sums.a);
        to[at + pitch] = Row.Value(in sums.b);
        to[at + 2 * pitch] = Row.Value(in sums.c);
        to[at + 3 * pitch] = Row.Value(in sums.d);
    }
}
