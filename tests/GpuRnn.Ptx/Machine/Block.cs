using System.Numerics;
using GpuRnn.Ptx.Instructions;
using GpuRnn.Ptx.Memory;

namespace GpuRnn.Ptx.Machine;

/// <summary>Threads that share memory and can wait for each other.</summary>
sealed class Block
{
    const int RankShift = 24;

    readonly Dictionary<int, Barrier> barriers = [];
    readonly Dictionary<int, AsyncCopies.Groups> copies = [];
    int live;

    /// <param name="grid">Of which grid.</param>
    /// <param name="number">Which.</param>
    public Block(Grid grid, int number)
    {
        (Grid, Number, live) = (grid, number, grid.Threads);
        (X, Y, Z) = (number % grid.Shape.Grid.X, number / grid.Shape.Grid.X % grid.Shape.Grid.Y,
            number / grid.Shape.Grid.X / grid.Shape.Grid.Y);
        Shared = new(grid.DynamicSharedOffset + grid.Shape.DynamicShared);
        Clocks = new int[grid.Threads];
        Array.Fill(Clocks, 1);
        Known = new Knowledge[grid.Threads];
        Array.Fill(Known, grid.Nothing);
        WarpCount = (grid.Threads + Names.Lanes - 1) / Names.Lanes;
        Warps = [.. Enumerable.Range(0, WarpCount)
            .Select(w => new Warp(this, w, Math.Min(Names.Lanes, grid.Threads - w * Names.Lanes)))];
    }

    /// <summary>Of which grid.</summary>
    public Grid Grid { get; }
    /// <summary>Which.</summary>
    public int Number { get; }
    /// <summary>Its place.</summary>
    public int X { get; }
    /// <summary>Its place.</summary>
    public int Y { get; }
    /// <summary>Its place.</summary>
    public int Z { get; }
    /// <summary>Its place in its cluster.</summary>
    public int Rank => Number % Grid.Shape.Cluster;
    /// <summary>How many warps.</summary>
    public int WarpCount { get; }
    /// <summary>The warps.</summary>
    public Warp[] Warps { get; }
    /// <summary>Its memory.</summary>
    public BlockMemory Shared { get; }
    /// <summary>The clock of each thread: it ticks where others may learn of the thread.</summary>
    public int[] Clocks { get; }
    /// <summary>What each thread knows of the others.</summary>
    public Knowledge[] Known { get; }
    /// <summary>Threads that have not left.</summary>
    public int Live => live;
    /// <summary>Have all threads left?</summary>
    public bool IsDone => live == 0;
    /// <summary>Its cluster.</summary>
    public Cluster Cluster { get; set; } = null!;
    /// <summary>Its mbarriers, by where they are in its memory.</summary>
    public Dictionary<int, MemoryBarrier> MemoryBarriers { get; } = [];

    /// <summary>The copies of a thread that go on beside it.</summary>
    public AsyncCopies.Groups Copies(int thread)
    {
        if (!copies.TryGetValue(thread, out AsyncCopies.Groups? groups)) copies.Add(thread, groups = new());
        return groups;
    }

    /// <summary>The address that a block of a cluster has for others of it.</summary>
    public static ulong ClusterAddress(int rank, uint offset) => (ulong)(rank + 1) << RankShift | offset & (1u << RankShift) - 1;

    /// <summary>The block that a shared address means: this one, or another of its cluster.</summary>
    public Block OfCluster(ulong address, Warp warp, int lane, out int offset)
    {
        offset = (int)(address & (1UL << RankShift) - 1);
        long rank = (long)((uint)address >> RankShift) - 1;
        if (rank < 0) return this;
        if (rank >= Cluster.Blocks.Length) throw warp.Fault(PtxFault.Bounds, lane, $"address 0x{address:x} is of no block of its cluster");
        Block block = Cluster.Blocks[rank];
        return !block.IsDone ? block : throw warp.Fault(PtxFault.Bounds, lane, $"touches memory of block {block.Number}, which has left");
    }

    /// <summary>What a thread knows, with all that it has done until now.</summary>
    public Knowledge Tell(int thread) => Known[thread].With(Number, thread, Clocks[thread]++, Grid.Threads);

    /// <summary>A thread learns what happened before.</summary>
    public void Learn(int thread, Knowledge known) => Known[thread] = Known[thread].With(known);

    sealed class Barrier
    {
        public int Arrived, Expected;
        public readonly List<Fragment> Waiting = [];
        public readonly List<(Warp Warp, uint Lanes)> Met = [];
    }

    /// <summary>A fragment comes to a barrier.</summary>
    /// <param name="fragment">The fragment.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="number">Which barrier.</param>
    /// <param name="expected">Threads that are to come; 0 for all.</param>
    /// <param name="waits">Does it wait for the others?</param>
    public void Arrive(Fragment fragment, uint lanes, int number, int expected, bool waits)
    {
        if (!barriers.TryGetValue(number, out Barrier? barrier)) barriers.Add(number, barrier = new() { Expected = expected });
        if (barrier.Expected != expected) throw fragment.Warp.Fault(PtxFault.Deadlock, 0,
            $"comes to barrier {number} for {Threads(expected)}, where others wait for {Threads(barrier.Expected)}");
        barrier.Arrived += BitOperations.PopCount(lanes);
        barrier.Met.Add((fragment.Warp, lanes));
        if (waits)
        {
            fragment.Waits = $"at barrier {number}";
            barrier.Waiting.Add(fragment);
        }
        Complete(number, barrier);
    }

    static string Threads(int expected) => expected == 0 ? "all threads" : $"{expected} threads";

    void Complete(int number, Barrier barrier)
    {
        int expected = barrier.Expected == 0 ? live : barrier.Expected;
        if (barrier.Arrived < expected) return;
        if (barrier.Arrived > expected)
            throw barrier.Met[0].Warp.Fault(PtxFault.Deadlock, 0, $"more threads than {expected} came to barrier {number}");
        barriers.Remove(number);
        Meet(barrier.Met);
        foreach (Fragment f in barrier.Waiting)
        {
            f.Waits = null;
            Grid.Wake(f.Warp);
        }
    }

    /// <summary>All that each of these threads did has happened before all that any of them does next.</summary>
    public void Meet(IEnumerable<(Warp Warp, uint Lanes)> met)
    {
        List<int> threads = [];
        foreach ((Warp warp, uint lanes) in met)
            for (uint left = lanes; left != 0; left &= left - 1) threads.Add(warp.Thread(BitOperations.TrailingZeroCount(left)));
        Knowledge known = Knowledge.Meeting(Number, Grid.Threads, threads.Select(t => (t, Clocks[t], Known[t])));
        Grid.Order.Meet(this, threads);
        foreach (int t in threads)
        {
            Known[t] = known;
            Clocks[t]++;
        }
    }

    /// <summary>Threads have left: nobody waits for them.</summary>
    public void Left(int threads)
    {
        live -= threads;
        Cluster.Left();
        foreach ((int number, Barrier barrier) in barriers.ToArray())
            if (barrier.Expected == 0 && live > 0) Complete(number, barrier);
    }
}
