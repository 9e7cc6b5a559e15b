namespace GpuRnn.Layers;

/// <summary>How workers share a pass.</summary>
public enum Strategy
{
    /// <summary>A worker owns sequences.</summary>
    SequencesOwned,
    /// <summary>A worker owns hidden units; all meet after each step.</summary>
    HiddenOwned,
    /// <summary>
    /// Groups of workers own sequences, and the workers of a group hidden units; those of a group meet after each step. On a CPU of four
    /// workers and more.
    /// </summary>
    Grid,
}
