namespace GpuRnn.Kernels.Sequence;

/// <summary>How x enters the gate product.</summary>
public interface IInput
{
    /// <summary>Is x given as the positions of the ones in one-hot vectors?</summary>
    static abstract bool IsIndex { get; }
}

/// <summary>x is a row of I numbers.</summary>
public struct DenseInput : IInput
{
    /// <inheritdoc/>
    public static bool IsIndex => false;
}

/// <summary>x is an index: a column of W_ih is gathered, no one-hot vector is ever made.</summary>
public struct IndexInput : IInput
{
    /// <inheritdoc/>
    public static bool IsIndex => true;
}
