namespace GpuRnn.Kernels.Recurrent;

/// <summary>How x enters the gate product.</summary>
interface IInput
{
    /// <summary>Is x given as the positions of the ones in one-hot vectors?</summary>
    static abstract bool IsIndex { get; }
    /// <summary>Are the products of x made for many steps at once, before the steps that need them?</summary>
    static abstract bool IsProjected { get; }
}

/// <summary>x is a row of I numbers.</summary>
struct DenseInput : IInput
{
    public static bool IsIndex => false;
    public static bool IsProjected => false;
}

/// <summary>x is an index: a column of W_ih is gathered, no one-hot vector is ever made.</summary>
struct IndexInput : IInput
{
    public static bool IsIndex => true;
    public static bool IsProjected => false;
}

/// <summary>
/// x is a row of I numbers, and its products for many steps are made at once: a single row reads all weights for itself, many rows share
/// the reading. For few sequences.
/// </summary>
struct ProjectedInput : IInput
{
    public static bool IsIndex => false;
    public static bool IsProjected => true;
}
