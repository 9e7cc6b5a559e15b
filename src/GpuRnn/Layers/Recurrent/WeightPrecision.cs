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
}
