namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>A wait that was given up, as a word of 64 bits: 8 of the direction, 24 of the block, 32 of the step.</summary>
static class ClusterFault
{
    /// <summary>The steps forward, or back.</summary>
    public const int Forward = 1, Backward = 2;

    /// <summary>That of a block; the step is or'ed to it.</summary>
    public static long Word(int direction, int block) => (long)direction << 56 | (long)block << 32;

    /// <summary>In words.</summary>
    public static string Describe(long word)
    {
        string direction = word >> 56 == Forward ? "forward" : "backward";
        return $"block {word >> 32 & 0xFFFFFF} of the steps {direction} waited two seconds for what its cluster sends it for step "
            + $"{(uint)word}";
    }
}
