using System.Numerics;

namespace GpuRnn.Ptx.Machine;

/// <summary>Blocks that run at the same time and see each other's shared memory.</summary>
/// <param name="blocks">By rank.</param>
sealed class Cluster(Block[] blocks)
{
    readonly List<Fragment> waiting = [];
    int arrived;
    int phase;
    Knowledge? gathered, known;
    readonly Dictionary<(Warp, uint), int> arrivals = [];

    /// <summary>Its blocks, by rank.</summary>
    public Block[] Blocks => blocks;

    int Threads => blocks.Sum(b => b.Live);

    /// <summary>Lanes have come to the cluster's barrier and go on.</summary>
    public void Arrive(Fragment fragment, uint lanes, bool release)
    {
        Warp warp = fragment.Warp;
        if (!arrivals.TryAdd((warp, lanes), phase)) throw warp.Fault(PtxFault.Deadlock, BitOperations.TrailingZeroCount(lanes),
            "arrives twice at the cluster's barrier and waits for neither");
        if (release)
            for (uint left = lanes; left != 0; left &= left - 1)
            {
                Knowledge told = warp.Block.Tell(warp.Thread(BitOperations.TrailingZeroCount(left)));
                gathered = gathered?.With(told) ?? told;
            }
        arrived += BitOperations.PopCount(lanes);
        Complete();
    }

    /// <summary>Lanes wait for all others, and learn what they had done.</summary>
    public void Wait(Fragment fragment, uint lanes)
    {
        Warp warp = fragment.Warp;
        if (!arrivals.Remove((warp, lanes), out int when)) throw warp.Fault(PtxFault.Deadlock, BitOperations.TrailingZeroCount(lanes),
            "waits at the cluster's barrier and has not arrived");
        if (when == phase)
        {
            fragment.Waits = "at the cluster's barrier";
            waiting.Add(fragment);
        }
        else Learn(fragment);
    }

    /// <summary>Threads have left: nobody waits for them.</summary>
    public void Left() => Complete();

    void Complete()
    {
        if (arrived == 0 || arrived < Threads) return;
        (known, gathered, arrived) = (gathered, null, 0);
        phase++;
        foreach (Fragment f in waiting)
        {
            Learn(f);
            f.Waits = null;
            f.Warp.Grid.Wake(f.Warp);
        }
        waiting.Clear();
    }

    void Learn(Fragment fragment)
    {
        if (known is null) return;
        for (uint left = fragment.Lanes; left != 0; left &= left - 1)
            fragment.Warp.Block.Learn(fragment.Warp.Thread(BitOperations.TrailingZeroCount(left)), known);
    }
}
