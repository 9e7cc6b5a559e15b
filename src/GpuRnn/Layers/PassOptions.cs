namespace GpuRnn.Layers;

/// <summary>What a pass is planned for.</summary>
public sealed record PassOptions
{
    /// <summary>Does a backward pass follow? Then the forward pass saves what it needs.</summary>
    public bool Training { get; init; }

    /// <summary>Are the caller's arrays [B, T, ...] rather than [T, B, ...]?</summary>
    public bool BatchFirst { get; init; }

    /// <summary>Is the gradient of the input wanted? Never for indices.</summary>
    public bool InputGradient { get; init; } = true;

    /// <summary>How workers share the pass; null for the plan's choice.</summary>
    public Strategy? Strategy { get; init; }
}
