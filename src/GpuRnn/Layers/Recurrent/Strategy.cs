namespace GpuRnn.Layers;

/// <summary>How workers share a pass.</summary>
public enum Strategy
{
    /// <summary>A worker owns sequences.</summary>
    SequencesOwned,
    /// <summary>A worker owns hidden units; all meet after each step.</summary>
    HiddenOwned,
}
