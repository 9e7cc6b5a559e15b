namespace GpuRnn.Kernels.Dense;

/// <summary>What a device must be able to do for an output layer.</summary>
/// <typeparam name="E">float or double.</typeparam>
interface IOutputTile<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Columns a vector of the packed weights.</summary>
    static abstract int Width { get; }
    /// <summary>What its loss compares outputs with.</summary>
    static abstract TargetKind Target { get; }
    /// <summary>Does its loss take outputs before an activation?</summary>
    static abstract bool TakesLogits { get; }
    /// <summary>What its loss multiplies a row of V outputs by.</summary>
    static abstract double ScaleOf(int outputs);
    /// <summary>Which worker this is.</summary>
    static abstract int Worker();
    /// <summary>How many there are.</summary>
    static abstract int Workers();
    /// <summary>Packs the worker's share of the weights.</summary>
    static abstract void Pack(in OutputArguments<E> a, int worker, int workers);
    /// <summary>y of the worker's rows, the loss on it, and its gradient in its place if wanted.</summary>
    static abstract void Forward(in OutputArguments<E> a, int worker, int workers);
    /// <summary>
    /// The worker's share of the gradients: of the input, if anybody wants it, and of the parameters, summed over rows in their order.
    /// </summary>
    static abstract void Backward(in OutputArguments<E> a, int worker, int workers);
}

/// <summary>The launches of an output layer.</summary>
static class OutputKernels
{
    /// <summary>Packs the weights; launched when they have changed.</summary>
    public static void Pack<E, TTile>(OutputArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> where TTile : struct, IOutputTile<E> =>
        TTile.Pack(in a, TTile.Worker(), TTile.Workers());

    /// <summary>Outputs, loss and its gradient in one launch.</summary>
    public static void Forward<E, TTile>(OutputArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> where TTile : struct, IOutputTile<E> =>
        TTile.Forward(in a, TTile.Worker(), TTile.Workers());

    /// <summary>The gradients of the input and of the parameters.</summary>
    public static void Backward<E, TTile>(OutputArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> where TTile : struct, IOutputTile<E> =>
        TTile.Backward(in a, TTile.Worker(), TTile.Workers());
}
