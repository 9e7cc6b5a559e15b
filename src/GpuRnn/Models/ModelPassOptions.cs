using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>What a pass of a model is planned for.</summary>
public record ModelPassOptions
{
    /// <summary>Does a backward pass follow?</summary>
    public bool Training { get; init; }

    /// <summary>What training leaves out between layers and before the last; null for nothing.</summary>
    public DropoutOptions? Dropout { get; init; }

    /// <summary>In inference, how packed weights of recurrent layers are stored.</summary>
    public WeightPrecision WeightPrecision { get; init; }

    /// <summary>As recurrent layers take it.</summary>
    internal PassOptions ForLayers() => new() { Training = Training, Dropout = Dropout, WeightPrecision = WeightPrecision };
}

/// <summary>The same for models that read sequences and give an answer to each.</summary>
public sealed record SequencePassOptions : ModelPassOptions
{
    /// <summary>Is an answer wanted at every step, rather than at a sequence's end?</summary>
    public bool EveryStep { get; init; }
}
