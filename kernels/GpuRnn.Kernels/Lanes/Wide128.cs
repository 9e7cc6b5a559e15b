using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuRnn.Kernels.Lanes;

/// <summary>128 bits of floats or doubles. Where the machine has narrower registers the runtime splits it: slower, still right.</summary>
/// <typeparam name="E">float or double.</typeparam>
unsafe struct Wide128<E> : IVector<Wide128<E>, E> where E : unmanaged
{
    Vector128<E> value;

    /// <inheritdoc/>
    public static int Width => Vector128<E>.Count;
    /// <inheritdoc/>
    public static int TileRows => 3;
    /// <inheritdoc/>
    public static int Registers => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> operator +(Wide128<E> a, Wide128<E> b) => new() { value = a.value + b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> operator -(Wide128<E> a, Wide128<E> b) => new() { value = a.value - b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> operator *(Wide128<E> a, Wide128<E> b) => new() { value = a.value * b.value };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> operator /(Wide128<E> a, Wide128<E> b) => new() { value = a.value / b.value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Splat(double value) => typeof(E) == typeof(float)
        ? new() { value = Vector128.Create((float)value).As<float, E>() }
        : new() { value = Vector128.Create(value).As<double, E>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Fma(Wide128<E> a, Wide128<E> b, Wide128<E> c) => typeof(E) == typeof(float)
        ? new() { value = Vector128.FusedMultiplyAdd(a.value.AsSingle(), b.value.AsSingle(), c.value.AsSingle()).As<float, E>() }
        : new() { value = Vector128.FusedMultiplyAdd(a.value.AsDouble(), b.value.AsDouble(), c.value.AsDouble()).As<double, E>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> WherePositive(Wide128<E> condition, Wide128<E> a, Wide128<E> b) =>
        new() { value = Vector128.ConditionalSelect(Vector128.GreaterThan(condition.value, Vector128<E>.Zero), a.value, b.value) };

    /// <inheritdoc/>
    /// <remarks>The x86 instructions return their second operand if one is NaN, so the order keeps it; the portable ones mind NaN at a
    /// price.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Clamp(Wide128<E> a, double low, double high)
    {
        if (!Sse2.IsSupported) return new() { value = Vector128.Min(Splat(high).value, Vector128.Max(Splat(low).value, a.value)) };
        return typeof(E) == typeof(float)
            ? new() { value = Sse.Min(Vector128.Create((float)high), Sse.Max(Vector128.Create((float)low), a.value.AsSingle())).As<float, E>() }
            : new() { value = Sse2.Min(Vector128.Create(high), Sse2.Max(Vector128.Create(low), a.value.AsDouble())).As<double, E>() };
    }

    /// <inheritdoc/>
    /// <remarks>Without an instruction for it, in two halves, so that neither factor leaves the range of a normal number.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Scale(Wide128<E> a, Wide128<E> n)
    {
        if (typeof(E) == typeof(float))
        {
            Vector128<int> whole = Vector128.ConvertToInt32Native(n.value.AsSingle()), half = whole >> 1, bias = Vector128.Create(127);
            return new() { value = (a.value.AsSingle() * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle()).As<float, E>() };
        }
        Vector128<long> all = Vector128.ConvertToInt64Native(n.value.AsDouble()), first = all >> 1, offset = Vector128.Create(1023L);
        return new() { value = (a.value.AsDouble() * ((first + offset) << 52).AsDouble() * ((all - first + offset) << 52).AsDouble()).As<double, E>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Sqrt(Wide128<E> a) => new() { value = Vector128.Sqrt(a.value) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Exp(Wide128<E> a) => typeof(E) == typeof(float) ? SingleMath.Exp(a) : DoubleMath.Exp(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Sigmoid(Wide128<E> a) => typeof(E) == typeof(float) ? SingleMath.Sigmoid(a) : DoubleMath.Sigmoid(a);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Tanh(Wide128<E> a) => typeof(E) == typeof(float) ? SingleMath.Tanh(a) : DoubleMath.Tanh(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Load(E* p) => new() { value = Vector128.Load(p) };
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(E* p, Wide128<E> a) => a.value.Store(p);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<E> Of(E value) => new() { value = Vector128.Create(value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Sum(Wide128<E> a) => Vector128.Sum(a.value);
}
