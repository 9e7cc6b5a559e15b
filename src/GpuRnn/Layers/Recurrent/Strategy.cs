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
    /// <summary>
    /// Clusters of thread blocks own sequences, and the blocks of a cluster hidden units, with their weights in registers and shared
    /// memory. On NVIDIA GPUs of compute capability 9.0 and more, float, cells of one stage without layer normalisation, up to H 512; the
    /// backward pass up to 256, from there on a launch a step.
    /// </summary>
    Clusters,
}
