using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuRnn.Kernels.Lanes;

/// <summary>512 bits of floats or doubles. Where the machine has narrower registers the runtime splits it: slower, still right.</summary>
/// <typeparam name="E">float or double.</typeparam>
public readonly unsafe struct Wide512<E>(Vector512<E> value) : IVector<Wide512<E>, E> where E : unmanaged
{
    readonly Vector512<E> value = value;

    static bool Single => typeof(E) == typeof(float);

    /// <inheritdoc/>
    public static int Width => Vector512<E>.Count;
    /// <inheritdoc/>
    public static int TileRows => 6;

    static Wide512<E> From(Vector512<float> a) => new(a.As<float, E>());
    static Wide512<E> From(Vector512<double> a) => new(a.As<double, E>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator +(Wide512<E> a, Wide512<E> b) => new(a.value + b.value);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator -(Wide512<E> a, Wide512<E> b) => new(a.value - b.value);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator *(Wide512<E> a, Wide512<E> b) => new(a.value * b.value);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator /(Wide512<E> a, Wide512<E> b) => new(a.value / b.value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Splat(double value) => Single ? From(Vector512.Create((float)value)) : From(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Fma(Wide512<E> a, Wide512<E> b, Wide512<E> c) => Single
        ? From(Vector512.FusedMultiplyAdd(a.value.AsSingle(), b.value.AsSingle(), c.value.AsSingle()))
        : From(Vector512.FusedMultiplyAdd(a.value.AsDouble(), b.value.AsDouble(), c.value.AsDouble()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> WherePositive(Wide512<E> condition, Wide512<E> a, Wide512<E> b) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(condition.value, Vector512<E>.Zero), a.value, b.value));

    /// <inheritdoc/>
    /// <remarks>The x86 instructions return their second operand if one is NaN, so the order keeps it; the portable ones mind NaN at a price.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Clamp(Wide512<E> a, double low, double high)
    {
        if (!Avx512F.IsSupported) return new(Vector512.Min(Splat(high).value, Vector512.Max(Splat(low).value, a.value)));
        return Single
            ? From(Avx512F.Min(Vector512.Create((float)high), Avx512F.Max(Vector512.Create((float)low), a.value.AsSingle())))
            : From(Avx512F.Min(Vector512.Create(high), Avx512F.Max(Vector512.Create(low), a.value.AsDouble())));
    }

    /// <inheritdoc/>
    /// <remarks>Without an instruction for it, in two halves, so that neither factor leaves the range of a normal number.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Scale(Wide512<E> a, Wide512<E> n)
    {
        if (Avx512F.IsSupported)
            return Single
                ? From(Avx512F.Scale(a.value.AsSingle(), n.value.AsSingle()))
                : From(Avx512F.Scale(a.value.AsDouble(), n.value.AsDouble()));
        if (Single)
        {
            Vector512<int> whole = Vector512.ConvertToInt32(n.value.AsSingle()), half = whole >> 1, bias = Vector512.Create(127);
            return From(a.value.AsSingle() * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle());
        }
        Vector512<long> all = Vector512.ConvertToInt64(n.value.AsDouble()), first = all >> 1, offset = Vector512.Create(1023L);
        return From(a.value.AsDouble() * ((first + offset) << 52).AsDouble() * ((all - first + offset) << 52).AsDouble());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Sqrt(Wide512<E> a) => new(Vector512.Sqrt(a.value));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Exp(Wide512<E> a) => Single ? SingleMath.Exp(a) : DoubleMath.Exp(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Sigmoid(Wide512<E> a) => Single ? SingleMath.Sigmoid(a) : DoubleMath.Sigmoid(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Tanh(Wide512<E> a) => Single ? SingleMath.Tanh(a) : DoubleMath.Tanh(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Load(E* p) => new(Vector512.Load(p));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(E* p, Wide512<E> a) => a.value.Store(p);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Of(E value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Sum(Wide512<E> a) => Vector512.Sum(a.value);

    /// <inheritdoc/>
    public static E Max(Wide512<E> a)
    {
        if (Single)
        {
            float largest = float.NegativeInfinity;
            for (int i = 0; i < Width; i++) largest = MathF.Max(largest, a.value.AsSingle()[i]);
            return Unsafe.BitCast<float, E>(largest);
        }
        double most = double.NegativeInfinity;
        for (int i = 0; i < Width; i++) most = Math.Max(most, a.value.AsDouble()[i]);
        return Unsafe.BitCast<double, E>(most);
    }
}
