using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// A vector whose lanes hold four bytes of weights or inputs each, or the whole sum of their products: what is a fused multiply-add of a
/// number elsewhere is one of four bytes here, so that products of bytes are made by the same inner loops. Nothing else is computed on it.
/// </summary>
/// <typeparam name="L">The vector that it is made of.</typeparam>
/// <typeparam name="E">float.</typeparam>
unsafe struct Dots<L, E> : IVector<Dots<L, E>, E>
    where L : struct, IVector<L, E>
    where E : unmanaged, IFloatingPointIeee754<E>
{
    L value;

    /// <inheritdoc/>
    public static int Width => L.Width;
    /// <inheritdoc/>
    public static int TileRows => L.TileRows;
    /// <inheritdoc/>
    public static int Registers => L.Registers;

    /// <summary>The sum c and the products of the weights a and the inputs b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dots<L, E> Fma(Dots<L, E> a, Dots<L, E> b, Dots<L, E> c) => new() { value = L.AddDots(c.value, a.value, b.value) };

    /// <summary>Four inputs in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dots<L, E> Of(E value) => new() { value = L.Of(value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dots<L, E> Load(E* p) => new() { value = L.Load(p) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(E* p, Dots<L, E> x) => L.Store(p, x.value);

    static NotSupportedException Not => new("Bytes are only multiplied and added.");

    /// <inheritdoc/>
    public static Dots<L, E> operator +(Dots<L, E> a, Dots<L, E> b) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> operator -(Dots<L, E> a, Dots<L, E> b) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> operator *(Dots<L, E> a, Dots<L, E> b) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> operator /(Dots<L, E> a, Dots<L, E> b) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Splat(double value) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> WherePositive(Dots<L, E> condition, Dots<L, E> a, Dots<L, E> b) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Clamp(Dots<L, E> a, double low, double high) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Scale(Dots<L, E> a, Dots<L, E> n) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Sqrt(Dots<L, E> a) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Exp(Dots<L, E> a) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Sigmoid(Dots<L, E> a) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> Tanh(Dots<L, E> a) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> LoadUpper(ushort* p) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> LoadEven(ushort* p) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> LoadOdd(ushort* p) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> LoadUpperPairs(ushort* p) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> AddDots(Dots<L, E> sums, Dots<L, E> weights, Dots<L, E> inputs) => throw Not;
    /// <inheritdoc/>
    public static Dots<L, E> FromWhole(Dots<L, E> whole, Dots<L, E> less) => throw Not;
    /// <inheritdoc/>
    public static E Sum(Dots<L, E> value) => throw Not;
}
