using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuRnn.Kernels.Lanes;

/// <summary>512 bits of floats or doubles. Where the machine has narrower registers the runtime splits it: slower, still right.</summary>
/// <typeparam name="E">float or double.</typeparam>
unsafe struct Wide512<E> : IVector<Wide512<E>, E> where E : unmanaged
{
    Vector512<E> value;

    /// <inheritdoc/>
    public static int Width => Vector512<E>.Count;
    /// <inheritdoc/>
    public static int TileRows => 6;
    /// <inheritdoc/>
    public static int Registers => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator +(Wide512<E> a, Wide512<E> b) => new() { value = a.value + b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator -(Wide512<E> a, Wide512<E> b) => new() { value = a.value - b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator *(Wide512<E> a, Wide512<E> b) => new() { value = a.value * b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> operator /(Wide512<E> a, Wide512<E> b) => new() { value = a.value / b.value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Splat(double value) => typeof(E) == typeof(float)
        ? new() { value = Vector512.Create((float)value).As<float, E>() }
        : new() { value = Vector512.Create(value).As<double, E>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Fma(Wide512<E> a, Wide512<E> b, Wide512<E> c) => typeof(E) == typeof(float)
        ? new() { value = Vector512.FusedMultiplyAdd(a.value.AsSingle(), b.value.AsSingle(), c.value.AsSingle()).As<float, E>() }
        : new() { value = Vector512.FusedMultiplyAdd(a.value.AsDouble(), b.value.AsDouble(), c.value.AsDouble()).As<double, E>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> WherePositive(Wide512<E> condition, Wide512<E> a, Wide512<E> b) =>
        new() { value = Vector512.ConditionalSelect(Vector512.GreaterThan(condition.value, Vector512<E>.Zero), a.value, b.value) };

    /// <inheritdoc/>
    /// <remarks>The x86 instructions return their second operand if one is NaN, so the order keeps it; the portable ones mind NaN at a
    /// price.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Clamp(Wide512<E> a, double low, double high)
    {
        if (!Avx512F.IsSupported) return new() { value = Vector512.Min(Splat(high).value, Vector512.Max(Splat(low).value, a.value)) };
        return typeof(E) == typeof(float)
            ? new() { value = Avx512F.Min(Vector512.Create((float)high), Avx512F.Max(Vector512.Create((float)low), a.value.AsSingle())).As<float, E>() }
            : new() { value = Avx512F.Min(Vector512.Create(high), Avx512F.Max(Vector512.Create(low), a.value.AsDouble())).As<double, E>() };
    }

    /// <inheritdoc/>
    /// <remarks>Without an instruction for it, in two halves, so that neither factor leaves the range of a normal number.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Scale(Wide512<E> a, Wide512<E> n)
    {
        if (Avx512F.IsSupported)
            return typeof(E) == typeof(float)
                ? new() { value = Avx512F.Scale(a.value.AsSingle(), n.value.AsSingle()).As<float, E>() }
                : new() { value = Avx512F.Scale(a.value.AsDouble(), n.value.AsDouble()).As<double, E>() };
        if (typeof(E) == typeof(float))
        {
            Vector512<int> whole = Vector512.ConvertToInt32Native(n.value.AsSingle()), half = whole >> 1, bias = Vector512.Create(127);
            return new() { value = (a.value.AsSingle() * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle()).As<float, E>() };
        }
        Vector512<long> all = Vector512.ConvertToInt64Native(n.value.AsDouble()), first = all >> 1, offset = Vector512.Create(1023L);
        return new() { value = (a.value.AsDouble() * ((first + offset) << 52).AsDouble() * ((all - first + offset) << 52).AsDouble()).As<double, E>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Sqrt(Wide512<E> a) => new() { value = Vector512.Sqrt(a.value) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Exp(Wide512<E> a) => typeof(E) == typeof(float) ? SingleMath.Exp(a) : DoubleMath.Exp(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Sigmoid(Wide512<E> a) => typeof(E) == typeof(float) ? SingleMath.Sigmoid(a) : DoubleMath.Sigmoid(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Tanh(Wide512<E> a) => typeof(E) == typeof(float) ? SingleMath.Tanh(a) : DoubleMath.Tanh(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Load(E* p) => new() { value = Vector512.Load(p) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(E* p, Wide512<E> a) => a.value.Store(p);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<E> Of(E value) => new() { value = Vector512.Create(value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Sum(Wide512<E> a) => Vector512.Sum(a.value);
}
