using GpuRnn.Kernels.Products;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>h of a step in the shared memory of every block of a cluster: each sends its units' part of it to all.</summary>
/// <param name="place">Where this thread stands.</param>
/// <param name="blocks">Blocks of the cluster.</param>
/// <param name="sequences">Its sequences.</param>
/// <param name="first">Bytes of shared memory before h.</param>
readonly struct ClusterExchange(ClusterPlace place, int blocks, int sequences, int first)
{
    readonly ClusterPlace place = place;
    readonly int blocks = blocks, sequences = sequences;

    /// <summary>All of h, in quads, at <see cref="ClusterMessages.At"/>.</summary>
    public readonly ArrayView<Quad<float>> H = SharedMemory.GetDynamic<Quad<float>>();

    /// <summary>What brings it.</summary>
    public readonly ClusterMessages Messages = new(place, sequences * blocks * ClusterShape.Units * sizeof(float), first);

    /// <summary>Quads of a sequence.</summary>
    public int Pitch => blocks * ClusterShape.Units / 4;

    /// <summary>
    /// h of a step to all blocks: of the lanes whose number is a sequence's, that of their unit. Four units of a warp are a message; lanes
    /// share its receivers. None are sent once waiting was given up.
    /// </summary>
    public void Send(float h, int step, int lost)
    {
        int unit = place.InWarp / ClusterShape.Lanes, sequence = place.Lane & sequences - 1;
        if (sequences < ClusterShape.Lanes) h = Warp.Shuffle(h, place.InWarp - place.Lane + sequence);
        float next = Warp.ShuffleXor(h, ClusterShape.Lanes);
        bool odd = (unit & 1) != 0, second = (unit & 2) != 0;
        float even = Utilities.Select(odd, next, h), uneven = Utilities.Select(odd, h, next);
        float evenThere = Warp.ShuffleXor(even, 2 * ClusterShape.Lanes), unevenThere = Warp.ShuffleXor(uneven, 2 * ClusterShape.Lanes);
        float a = Utilities.Select(second, evenThere, even), b = Utilities.Select(second, unevenThere, uneven);
        float c = Utilities.Select(second, even, evenThere), d = Utilities.Select(second, uneven, unevenThere);
        int quad = Messages.At(step) + sequence * Pitch + place.Rank * (ClusterShape.Units / 4) + place.Warp;
        Warp.Barrier(); // what another block sends when it has this, overwrites what lanes of this warp have read
        int behind = Utilities.Select(lost == 0, blocks, 0);
        for (int to = unit + 4 * (place.Lane / sequences); to < behind; to += 32 / sequences) Messages.Send(to, step, quad, a, b, c, d);
    }
}
