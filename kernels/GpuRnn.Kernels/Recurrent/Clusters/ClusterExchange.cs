using GpuRnn.Kernels.Products;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// h of two steps in the shared memory of every block of a cluster: blocks send each other their units' part of h as 16-byte messages,
/// which an mbarrier counts at the receiver. Two memories in turn are enough: nobody sends h of step t + 2 before it has all of that of
/// step t + 1, which every warp sends only behind its reading of h of step t.
/// </summary>
/// <param name="place">Where this thread stands.</param>
/// <param name="blocks">Blocks of the cluster.</param>
/// <param name="sequences">Its sequences.</param>
readonly struct ClusterExchange(ClusterPlace place, int blocks, int sequences)
{
    readonly ClusterPlace place = place;
    readonly int blocks = blocks, sequences = sequences;
    readonly uint shared = ClusterInstructions.Shared();

    /// <summary>All of h, in quads: those of the first memory begin at <see cref="First"/>.</summary>
    public readonly ArrayView<Quad<float>> H = SharedMemory.GetDynamic<Quad<float>>();

    /// <summary>Quads before h.</summary>
    public static int First => ClusterShape.HBytes / 16;

    /// <summary>Quads of a sequence.</summary>
    public int Pitch => blocks * ClusterShape.Units / 4;

    /// <summary>Where h of a step begins.</summary>
    public int At(int step) => First + (step & 1) * sequences * Pitch;

    int Bytes => sequences * Pitch * 16;

    /// <summary>mbarriers of the first two steps are made ready; behind it all blocks see what each did before.</summary>
    public void Begin()
    {
        if (place.Thread == 0)
        {
            ClusterInstructions.Make(shared);
            ClusterInstructions.Make(shared + 8);
            ClusterInstructions.Expect(shared, Bytes);
            ClusterInstructions.Expect(shared + 8, Bytes);
        }
        ClusterInstructions.Meet();
    }

    /// <summary>Nobody leaves while messages may be on their way.</summary>
    public static void End() => ClusterInstructions.Meet();

    /// <summary>Waits for h of a step, counted from the launch's first, whose h nobody sends.</summary>
    public void Await(int step)
    {
        uint barrier = shared + (uint)(step & 1) * 8;
        ClusterInstructions.Await(barrier, step - 1 >> 1 & 1);
        if (place.Thread == 0) ClusterInstructions.Expect(barrier, Bytes); // of the step after the next
    }

    /// <summary>
    /// h of a step to all blocks: of the lanes whose number is a sequence's, that of their unit. Four units of a warp are a message; lanes
    /// share its receivers.
    /// </summary>
    public void Send(float h, int step)
    {
        int unit = place.InWarp / ClusterShape.Lanes, sequence = place.Lane & sequences - 1;
        if (sequences < ClusterShape.Lanes) h = Warp.Shuffle(h, place.InWarp - place.Lane + sequence);
        float next = Warp.ShuffleXor(h, ClusterShape.Lanes);
        bool odd = (unit & 1) != 0, second = (unit & 2) != 0;
        float even = Utilities.Select(odd, next, h), uneven = Utilities.Select(odd, h, next);
        float evenThere = Warp.ShuffleXor(even, 2 * ClusterShape.Lanes), unevenThere = Warp.ShuffleXor(uneven, 2 * ClusterShape.Lanes);
        float a = Utilities.Select(second, evenThere, even), b = Utilities.Select(second, unevenThere, uneven);
        float c = Utilities.Select(second, even, evenThere), d = Utilities.Select(second, uneven, unevenThere);
        int quad = At(step) + sequence * Pitch + place.Rank * (ClusterShape.Units / 4) + place.Warp;
        Warp.Barrier(); // what another block sends when it has this, overwrites what lanes of this warp have read
        uint here = shared + (uint)quad * 16, barrier = shared + (uint)(step & 1) * 8;
        for (int to = unit + 4 * (place.Lane / sequences); to < blocks; to += 32 / sequences)
            ClusterInstructions.Send(ClusterInstructions.Of(here, to), a, b, c, d, ClusterInstructions.Of(barrier, to));
    }
}
