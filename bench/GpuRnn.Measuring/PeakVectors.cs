using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuRnn.Measuring;

/// <summary>What the peak is measured on: a vector of floats, or on a GPU a float.</summary>
public interface IPeakVector<TSelf> where TSelf : struct, IPeakVector<TSelf>
{
    /// <summary>One number in every place.</summary>
    static abstract TSelf Splat(float value);
    /// <summary>a * b + c.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);
    /// <summary>The number in the first place.</summary>
    static abstract float First(TSelf value);
}

/// <summary>One number.</summary>
public readonly struct PeakNumber(float value) : IPeakVector<PeakNumber>
{
    readonly float value = value;

    /// <inheritdoc/>
    public static PeakNumber Splat(float value) => new(value);
    /// <inheritdoc/>
    public static PeakNumber Fma(PeakNumber a, PeakNumber b, PeakNumber c) => new(a.value * b.value + c.value);
    /// <inheritdoc/>
    public static float First(PeakNumber value) => value.value;
}

/// <summary>128 bits.</summary>
public readonly struct Peak128(Vector128<float> value) : IPeakVector<Peak128>
{
    readonly Vector128<float> value = value;

    /// <inheritdoc/>
    public static Peak128 Splat(float value) => new(Vector128.Create(value));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Peak128 Fma(Peak128 a, Peak128 b, Peak128 c) => new(Vector128.FusedMultiplyAdd(a.value, b.value, c.value));
    /// <inheritdoc/>
    public static float First(Peak128 value) => value.value[0];
}

/// <summary>256 bits.</summary>
public readonly struct Peak256(Vector256<float> value) : IPeakVector<Peak256>
{
    readonly Vector256<float> value = value;

    /// <inheritdoc/>
    public static Peak256 Splat(float value) => new(Vector256.Create(value));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Peak256 Fma(Peak256 a, Peak256 b, Peak256 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));
    /// <inheritdoc/>
    public static float First(Peak256 value) => value.value[0];
}

/// <summary>512 bits.</summary>
public readonly struct Peak512(Vector512<float> value) : IPeakVector<Peak512>
{
    readonly Vector512<float> value = value;

    /// <inheritdoc/>
    public static Peak512 Splat(float value) => new(Vector512.Create(value));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Peak512 Fma(Peak512 a, Peak512 b, Peak512 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));
    /// <inheritdoc/>
    public static float First(Peak512 value) => value.value[0];
}
