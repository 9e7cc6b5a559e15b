using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// How the blocks of a cluster share a layer: a block has 32 hidden units, and 8 lanes of a warp share the summands of one.
/// </summary>
static class ClusterShape
{
    /// <summary>Units of a block.</summary>
    public const int Units = 32;
    /// <summary>Lanes of a unit. Lane l has k = 4 (l + 8 j) to 4 (l + 8 j) + 3 for every j.</summary>
    public const int Lanes = 8;
    /// <summary>Threads of a block.</summary>
    public const int Threads = Units * Lanes;
    /// <summary>Sequences of a cluster, at most: a lane computes the equations of one.</summary>
    public const int MostSequences = Lanes;
    /// <summary>Bytes of shared memory before all else: two mbarriers, and what is said of a wait that is given up.</summary>
    public const int ReservedBytes = 128;

    /// <summary>Summands of a gradient of h.</summary>
    public const int Summands = 8;

    /// <summary>Bytes of shared memory of the forward pass: weights, as many quads a lane, and h of two steps.</summary>
    public static int ForwardBytes(int blocks, int sequences, int sharedQuads, int slots) =>
        ReservedBytes + SharedWeights.Bytes(sharedQuads, slots) + 2 * sequences * blocks * Units * sizeof(float);

    /// <summary>Bytes of shared memory of the backward pass: what comes for two steps, and gate gradients of two.</summary>
    public static int BackwardBytes(int sequences, int slots) =>
        ReservedBytes + 2 * sequences * (Summands * Units + slots * Units + 4) * sizeof(float);

    /// <summary>The less of two, without a branch.</summary>
    public static int Least(int a, int b) => Utilities.Select(a < b, a, b);

    /// <summary>The greater of two, without a branch.</summary>
    public static int Most(int a, int b) => Utilities.Select(a > b, a, b);
}

/// <summary>Where a thread stands.</summary>
/// <param name="blocks">Blocks of the cluster.</param>
readonly struct ClusterPlace(int blocks)
{
    readonly int blocks = blocks, thread = Group.IdxX, rank = ClusterInstructions.Rank();

    /// <summary>Its number in its block.</summary>
    public int Thread => thread;

    /// <summary>Its number in its warp.</summary>
    public int InWarp => thread & 31;

    /// <summary>Its warp in the block.</summary>
    public int Warp => thread / 32;

    /// <summary>Its lane of its unit.</summary>
    public int Lane => thread & ClusterShape.Lanes - 1;

    /// <summary>Its hidden unit in its block.</summary>
    public int UnitInBlock => thread / ClusterShape.Lanes;

    /// <summary>Its hidden unit.</summary>
    public int Unit => rank * ClusterShape.Units + UnitInBlock;

    /// <summary>Its block's number in the cluster.</summary>
    public int Rank => rank;

    /// <summary>Its cluster.</summary>
    public int Cluster => Grid.IdxX / blocks;
}
