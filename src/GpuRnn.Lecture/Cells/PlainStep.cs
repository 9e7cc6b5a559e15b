namespace GpuRnn.Lecture.Cells;

/// <summary>One step of one sequence: what a cell's equations made of it, forward and backward.</summary>
/// <param name="gates">Gates of the cell.</param>
/// <param name="size">Hidden units.</param>
public sealed class PlainStep(int gates, int size)
{
    public required double[] X { get; init; }
    public required double[] PreviousH { get; init; }
    public required double[] PreviousC { get; init; }

    /// <summary>[gates][H] The gates' values, in the order of <see cref="PlainCell"/>.</summary>
    public double[][] Gates { get; } = Each(gates, size);

    /// <summary>[gates][H] W_hh (what the gate reads) + b_hh.</summary>
    public double[][] Hidden { get; } = Each(gates, size);

    /// <summary>What each gate's hidden product read.</summary>
    public double[][] Read { get; } = new double[gates][];

    public double[] H { get; } = new double[size];
    public double[] C { get; } = new double[size];

    /// <summary>[gates][H] The gradients of the input products.</summary>
    public double[][] DInput { get; } = Each(gates, size);

    /// <summary>[gates][H] The gradients of the hidden products.</summary>
    public double[][] DHidden { get; } = Each(gates, size);

    /// <summary>The gradient of a gate that input and hidden product feed alike.</summary>
    public void SetGradient(int gate, int unit, double value) => DInput[gate][unit] = DHidden[gate][unit] = value;

    static double[][] Each(int gates, int size) => [.. Enumerable.Range(0, gates).Select(_ => new double[size])];
}
