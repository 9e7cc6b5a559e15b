namespace GpuRnn.Layers;

/// <summary>How a pass keeps its packed copy of the weights. Arithmetic, states and outputs are float either way.</summary>
public enum WeightPrecision
{
    /// <summary>As they are computed with.</summary>
    Full,
    /// <summary>
    /// bfloat16, rounded to nearest: half the bytes where bytes are the limit, as for few sequences. Matrices only; outputs are those of
    /// the rounded weights, to float's precision.
    /// </summary>
    BFloat16,
    /// <summary>
    /// On a CPU, 8 bits with a scale for every gate row of W_ih and of W_hh, the largest magnitude over 127; rows of x and h go into their
    /// products in 7 bits and a sign, with a scale each. Products are whole numbers: a quarter of the bytes, and 1.5 to 3 times the speed
    /// on x64. Outputs are a few percent from those of float weights.
    /// </summary>
#pragma warning disable CA1720 // the field's word for it
    Int8,
#pragma warning restore CA1720
}
