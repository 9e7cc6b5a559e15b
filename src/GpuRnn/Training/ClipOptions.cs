namespace GpuRnn.Training;

/// <summary>What becomes of a step whose gradient norm is infinite or not a number. Such a gradient never reaches the weights.</summary>
public enum NonFinite
{
    /// <summary>The step throws.</summary>
    Throw,
    /// <summary>The step is left out and counted.</summary>
    Skip,
}

/// <summary>Which norm of a gradient is meant.</summary>
public enum NormKind
{
    /// <summary>The root of the sum of squares.</summary>
    Euclidean,
    /// <summary>The largest magnitude.</summary>
    Infinity,
}

/// <summary>How gradients are bounded before a step.</summary>
public sealed record ClipOptions
{
    /// <summary>The largest global norm, as torch.nn.utils.clip_grad_norm_ has it; 0 for none.</summary>
    public double Norm { get; init; }
    /// <summary>Which norm that is, and that a step returns.</summary>
    public NormKind Kind { get; init; } = NormKind.Euclidean;
    /// <summary>The largest magnitude of an element, applied before the norm is taken; 0 for none.</summary>
    public double Value { get; init; }
    /// <summary>What becomes of a step whose norm is not finite.</summary>
    public NonFinite NonFinite { get; init; } = NonFinite.Throw;

    internal void Check()
    {
        Limits.Known(Kind, "The norm of a gradient");
        Limits.Known(NonFinite, "What becomes of a step that is not finite");
        Limits.NotNegative(Norm, "The norm that gradients are clipped to");
        Limits.NotNegative(Value, "The magnitude that gradients are clipped to");
    }
}
