using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>What a pass of a model is planned for.</summary>
public record ModelPassOptions
{
    /// <summary>Does a backward pass follow?</summary>
    public bool Training { get; init; }

    /// <summary>What training leaves out between layers and before the last; null for nothing.</summary>
    public DropoutOptions? Dropout { get; init; }
}

/// <summary>The same for models that read sequences and give an answer to each.</summary>
public sealed record SequencePassOptions : ModelPassOptions
{
    /// <summary>Is an answer wanted at every step, rather than at a sequence's end?</summary>
    public bool EveryStep { get; init; }
}
