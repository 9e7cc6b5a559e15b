using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>A function of one number and its slope, which is a function of its value.</summary>
/// <typeparam name="L">The lane.</typeparam>
public interface IActivation<L> where L : struct, ILane<L>
{
    /// <summary>y = g(x).</summary>
    static abstract L Value(L x);
    /// <summary>g'(x), given y = g(x).</summary>
    static abstract L Slope(L y);
}

/// <summary>g(x) = x.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Identity<L> : IActivation<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static L Value(L x) => x;
    /// <inheritdoc/>
    public static L Slope(L y) => L.Splat(1);
}

/// <summary>g(x) = tanh x.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Tanh<L> : IActivation<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Value(L x) => L.Tanh(x);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Slope(L y) => L.Splat(1) - y * y;
}

/// <summary>g(x) = max(x, 0); its slope at 0 is 0, as PyTorch has it. NaN stays NaN.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Relu<L> : IActivation<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Value(L x) => L.WherePositive(x, x, L.WherePositive(L.Splat(0) - x, L.Splat(0), x));
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Slope(L y) => L.WherePositive(y, L.Splat(1), L.Splat(0));
}

/// <summary>g(x) = 1 / (1 + e^-x).</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Logistic<L> : IActivation<L> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Value(L x) => L.Sigmoid(x);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Slope(L y) => y * (L.Splat(1) - y);
}
