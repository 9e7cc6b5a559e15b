using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuRnn.Kernels.Lanes;

/// <summary>256 bits of floats or doubles. Where the machine has narrower registers the runtime splits it: slower, still right.</summary>
/// <typeparam name="E">float or double.</typeparam>
unsafe struct Wide256<E> : IVector<Wide256<E>, E> where E : unmanaged
{
    Vector256<E> value;

    /// <inheritdoc/>
    public static int Width => Vector256<E>.Count;
    /// <inheritdoc/>
    public static int TileRows => 3;
    /// <inheritdoc/>
    public static int Registers => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> operator +(Wide256<E> a, Wide256<E> b) => new() { value = a.value + b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> operator -(Wide256<E> a, Wide256<E> b) => new() { value = a.value - b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> operator *(Wide256<E> a, Wide256<E> b) => new() { value = a.value * b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> operator /(Wide256<E> a, Wide256<E> b) => new() { value = a.value / b.value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Splat(double value) => typeof(E) == typeof(float)
        ? new() { value = Vector256.Create((float)value).As<float, E>() }
        : new() { value = Vector256.Create(value).As<double, E>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Fma(Wide256<E> a, Wide256<E> b, Wide256<E> c) => typeof(E) == typeof(float)
        ? new() { value = Vector256.FusedMultiplyAdd(a.value.AsSingle(), b.value.AsSingle(), c.value.AsSingle()).As<float, E>() }
        : new() { value = Vector256.FusedMultiplyAdd(a.value.AsDouble(), b.value.AsDouble(), c.value.AsDouble()).As<double, E>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> WherePositive(Wide256<E> condition, Wide256<E> a, Wide256<E> b) =>
        new() { value = Vector256.ConditionalSelect(Vector256.GreaterThan(condition.value, Vector256<E>.Zero), a.value, b.value) };

    /// <inheritdoc/>
    /// <remarks>The x86 instructions return their second operand if one is NaN, so the order keeps it; the portable ones mind NaN at a
    /// price.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Clamp(Wide256<E> a, double low, double high)
    {
        if (!Avx.IsSupported) return new() { value = Vector256.Min(Splat(high).value, Vector256.Max(Splat(low).value, a.value)) };
        return typeof(E) == typeof(float)
            ? new() { value = Avx.Min(Vector256.Create((float)high), Avx.Max(Vector256.Create((float)low), a.value.AsSingle())).As<float, E>() }
            : new() { value = Avx.Min(Vector256.Create(high), Avx.Max(Vector256.Create(low), a.value.AsDouble())).As<double, E>() };
    }

    /// <inheritdoc/>
    /// <remarks>Without an instruction for it, in two halves, so that neither factor leaves the range of a normal number.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Scale(Wide256<E> a, Wide256<E> n)
    {
        if (typeof(E) == typeof(float))
        {
            Vector256<int> whole = Vector256.ConvertToInt32Native(n.value.AsSingle()), half = whole >> 1, bias = Vector256.Create(127);
            return new() { value = (a.value.AsSingle() * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle()).As<float, E>() };
        }
        Vector256<long> all = Vector256.ConvertToInt64Native(n.value.AsDouble()), first = all >> 1, offset = Vector256.Create(1023L);
        return new() { value = (a.value.AsDouble() * ((first + offset) << 52).AsDouble() * ((all - first + offset) << 52).AsDouble()).As<double, E>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Sqrt(Wide256<E> a) => new() { value = Vector256.Sqrt(a.value) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Exp(Wide256<E> a) => typeof(E) == typeof(float) ? SingleMath.Exp(a) : DoubleMath.Exp(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Sigmoid(Wide256<E> a) => typeof(E) == typeof(float) ? SingleMath.Sigmoid(a) : DoubleMath.Sigmoid(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Tanh(Wide256<E> a) => typeof(E) == typeof(float) ? SingleMath.Tanh(a) : DoubleMath.Tanh(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Load(E* p) => new() { value = Vector256.Load(p) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(E* p, Wide256<E> a) => a.value.Store(p);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<E> Of(E value) => new() { value = Vector256.Create(value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Sum(Wide256<E> a) => Vector256.Sum(a.value);
}
