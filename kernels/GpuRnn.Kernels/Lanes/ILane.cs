namespace GpuRnn.Kernels.Lanes;

/// <summary>
/// What one evaluation of an equation computes on: one number on a GPU, a SIMD vector of numbers on a CPU. Cells, losses and
/// update rules are written over a lane and so exist once for every device, element type and vector width.
/// </summary>
/// <remarks>
/// Addition, subtraction, multiplication, division and <see cref="Fma"/> on a CPU are correctly rounded; a GPU may contract
/// a product and a sum. <see cref="Exp"/>, <see cref="Sigmoid"/> and <see cref="Tanh"/> have a relative error of at most 2.5e-7 in
/// float and 5e-16 in double wherever the result is a normal number.
/// </remarks>
/// <typeparam name="TSelf">The lane itself.</typeparam>
public interface ILane<TSelf> where TSelf : struct, ILane<TSelf>
{
    /// <summary>Elementwise sum.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Elementwise difference.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Elementwise product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Elementwise quotient.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>The constant in every element, rounded to the element type.</summary>
    static abstract TSelf Splat(double value);

    /// <summary>a * b + c, rounded once where the device can.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>a where condition &gt; 0, else b; a NaN condition gives b.</summary>
    static abstract TSelf WherePositive(TSelf condition, TSelf a, TSelf b);

    /// <summary>Clamps numbers to [low, high]; NaN stays NaN.</summary>
    static abstract TSelf Clamp(TSelf a, double low, double high);

    /// <summary>a * 2^n for an integral n; overflows to infinity and underflows to zero.</summary>
    static abstract TSelf Scale(TSelf a, TSelf n);

    /// <summary>The square root.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>e^a.</summary>
    static abstract TSelf Exp(TSelf a);

    /// <summary>1 / (1 + e^-a).</summary>
    static abstract TSelf Sigmoid(TSelf a);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract TSelf Tanh(TSelf a);
}

/// <summary>A lane whose element type is known.</summary>
/// <typeparam name="TSelf">The lane itself.</typeparam>
/// <typeparam name="TElement">float or double.</typeparam>
interface ILane<TSelf, TElement> : ILane<TSelf>
    where TSelf : struct, ILane<TSelf, TElement>
    where TElement : unmanaged, IFloatingPointIeee754<TElement>
{
    /// <summary>One element in every place.</summary>
    static abstract TSelf Of(TElement value);
}
