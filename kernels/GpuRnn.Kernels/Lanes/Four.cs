using System.Runtime.CompilerServices;

namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// Four vectors as one lane, for cells of one slot: a register tile of 6 rows needs four vectors a row to have enough independent sums and
/// to use what it loads often enough.
/// </summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="E">float or double.</typeparam>
unsafe struct Four<V, E> : IVector<Four<V, E>, E>
    where V : struct, IVector<V, E>
    where E : unmanaged, IFloatingPointIeee754<E>
{
    V a, b, c, d;

    /// <inheritdoc/>
    public static int Width => 4 * V.Width;
    /// <inheritdoc/>
    public static int TileRows => V.TileRows;
    /// <inheritdoc/>
    public static int Registers => 4 * V.Registers;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> operator +(Four<V, E> x, Four<V, E> y) => new() { a = x.a + y.a, b = x.b + y.b, c = x.c + y.c, d = x.d + y.d };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> operator -(Four<V, E> x, Four<V, E> y) => new() { a = x.a - y.a, b = x.b - y.b, c = x.c - y.c, d = x.d - y.d };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> operator *(Four<V, E> x, Four<V, E> y) => new() { a = x.a * y.a, b = x.b * y.b, c = x.c * y.c, d = x.d * y.d };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> operator /(Four<V, E> x, Four<V, E> y) => new() { a = x.a / y.a, b = x.b / y.b, c = x.c / y.c, d = x.d / y.d };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Splat(double value) =>
        new() { a = V.Splat(value), b = V.Splat(value), c = V.Splat(value), d = V.Splat(value) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Of(E value)
    {
        V v = V.Of(value);
        return new() { a = v, b = v, c = v, d = v };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Fma(Four<V, E> x, Four<V, E> y, Four<V, E> z) =>
        new() { a = V.Fma(x.a, y.a, z.a), b = V.Fma(x.b, y.b, z.b), c = V.Fma(x.c, y.c, z.c), d = V.Fma(x.d, y.d, z.d) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> WherePositive(Four<V, E> condition, Four<V, E> x, Four<V, E> y) => new()
    {
        a = V.WherePositive(condition.a, x.a, y.a), b = V.WherePositive(condition.b, x.b, y.b),
        c = V.WherePositive(condition.c, x.c, y.c), d = V.WherePositive(condition.d, x.d, y.d),
    };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Clamp(Four<V, E> x, double low, double high) =>
        new() { a = V.Clamp(x.a, low, high), b = V.Clamp(x.b, low, high), c = V.Clamp(x.c, low, high), d = V.Clamp(x.d, low, high) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Scale(Four<V, E> x, Four<V, E> n) =>
        new() { a = V.Scale(x.a, n.a), b = V.Scale(x.b, n.b), c = V.Scale(x.c, n.c), d = V.Scale(x.d, n.d) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Sqrt(Four<V, E> x) => new() { a = V.Sqrt(x.a), b = V.Sqrt(x.b), c = V.Sqrt(x.c), d = V.Sqrt(x.d) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Exp(Four<V, E> x) => new() { a = V.Exp(x.a), b = V.Exp(x.b), c = V.Exp(x.c), d = V.Exp(x.d) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Sigmoid(Four<V, E> x) =>
        new() { a = V.Sigmoid(x.a), b = V.Sigmoid(x.b), c = V.Sigmoid(x.c), d = V.Sigmoid(x.d) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Tanh(Four<V, E> x) => new() { a = V.Tanh(x.a), b = V.Tanh(x.b), c = V.Tanh(x.c), d = V.Tanh(x.d) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> Load(E* p) =>
        new() { a = V.Load(p), b = V.Load(p + V.Width), c = V.Load(p + 2 * V.Width), d = V.Load(p + 3 * V.Width) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> LoadUpper(ushort* p) => new()
    {
        a = V.LoadUpper(p), b = V.LoadUpper(p + V.Width), c = V.LoadUpper(p + 2 * V.Width), d = V.LoadUpper(p + 3 * V.Width),
    };
    /// <inheritdoc/>
    public static Four<V, E> LoadEven(ushort* p) => throw new NotSupportedException("Pairs are registers of one lane.");
    /// <inheritdoc/>
    public static Four<V, E> LoadOdd(ushort* p) => throw new NotSupportedException("Pairs are registers of one lane.");
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> LoadUpperPairs(ushort* p) => new()
    {
        a = V.LoadEven(p), b = V.LoadOdd(p), c = V.LoadEven(p + 2 * V.Width), d = V.LoadOdd(p + 2 * V.Width),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> AddDots(Four<V, E> x, Four<V, E> y, Four<V, E> z) => new()
    {
        a = V.AddDots(x.a, y.a, z.a), b = V.AddDots(x.b, y.b, z.b), c = V.AddDots(x.c, y.c, z.c), d = V.AddDots(x.d, y.d, z.d),
    };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<V, E> FromWhole(Four<V, E> x, Four<V, E> y) => new()
    {
        a = V.FromWhole(x.a, y.a), b = V.FromWhole(x.b, y.b), c = V.FromWhole(x.c, y.c), d = V.FromWhole(x.d, y.d),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(E* p, Four<V, E> x)
    {
        V.Store(p, x.a);
        V.Store(p + V.Width, x.b);
        V.Store(p + 2 * V.Width, x.c);
        V.Store(p + 3 * V.Width, x.d);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Sum(Four<V, E> x) => V.Sum(x.a + x.b + (x.c + x.d));
}
