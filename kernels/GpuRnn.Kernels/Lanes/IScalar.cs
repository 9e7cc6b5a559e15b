namespace GpuRnn.Kernels.Lanes;

/// <summary>A lane of one element: what a GPU thread computes on.</summary>
/// <typeparam name="TSelf">The lane itself.</typeparam>
/// <typeparam name="TElement">float or double.</typeparam>
interface IScalar<TSelf, TElement> : ILane<TSelf, TElement>
    where TSelf : struct, IScalar<TSelf, TElement>
    where TElement : unmanaged, IFloatingPointIeee754<TElement>
{
    /// <summary>The lane as an element.</summary>
    static abstract TElement Value(TSelf lane);

    /// <summary>The natural logarithm of a positive normal number.</summary>
    static abstract TSelf Log(TSelf a);

    /// <summary>a &lt; b.</summary>
    static abstract bool Less(TSelf a, TSelf b);

    /// <summary>a = b; false if one is not a number.</summary>
    static abstract bool Same(TSelf a, TSelf b);
}
