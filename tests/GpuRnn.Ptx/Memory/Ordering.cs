using GpuRnn.Ptx.Machine;

namespace GpuRnn.Ptx.Memory;

/// <summary>
/// What strong accesses (relaxed, volatile, acquire, release) of a launch see of each other in global memory. A store waits in its block
/// and reaches the others late, in any order but that of one word and of fences; a load may give what a word held before, as far as the
/// thread has not learned of what it holds since. So a protocol whose flags or data overtake each other shows it, under some seed.
/// </summary>
/// <param name="random">Decides what is late.</param>
sealed unsafe class Ordering(Random random)
{
    /// <summary>What a word held from some time on, and what who stored it had made known before.</summary>
    readonly record struct Version(ulong Value, long Time, Knowledge? Released);

    sealed class Word(Allocation memory, long offset, int size, int blocks)
    {
        /// <summary>Versions that are kept; earlier ones are forgotten.</summary>
        public const int Most = 4;

        public int Size => size;
        public List<Version> Versions { get; } = [new(Read(memory.Native + offset, size), 0, null)];
        /// <summary>The latest version that each block has seen.</summary>
        public long[] Seen { get; } = new long[blocks];

        public void Add(Version version)
        {
            if (size == 4) *(uint*)(memory.Native + offset) = (uint)version.Value;
            else *(ulong*)(memory.Native + offset) = version.Value;
            Versions.Add(version);
            if (Versions.Count > Most) Versions.RemoveAt(0);
        }
    }

    sealed record Waiting(Word Word, ulong Value, Block Block, int Thread, Knowledge? Released)
    {
        /// <summary>Has its thread met the others of its block since?</summary>
        public bool Met { get; set; }
    }

    /// <summary>What a thread has seen and learned.</summary>
    struct Sight
    {
        /// <summary>Nothing that was overwritten before is seen any more.</summary>
        public long Floor;
        /// <summary>The latest that it has seen.</summary>
        public long Observed;
        /// <summary>What its stores tell since its last fence.</summary>
        public Knowledge? Fenced;
        /// <summary>What it has read of others' knowledge and not yet acquired.</summary>
        public Knowledge? Heard;
    }

    readonly Dictionary<(Allocation, long), Word> words = [];
    readonly Dictionary<Block, Sight[]> sights = [];
    readonly List<Waiting> waiting = [];
    long time;

    /// <summary>Stores a word.</summary>
    public void Store(Warp warp, int lane, Allocation memory, long offset, int size, ulong value, bool release)
    {
        Word word = Of(warp, lane, memory, offset, size);
        ref Sight sight = ref SightOf(warp, lane);
        if (release)
        {
            Flush(warp.Block, warp.Thread(lane));
            sight.Fenced = warp.Block.Tell(warp.Thread(lane));
        }
        waiting.Add(new(word, value, warp.Block, warp.Thread(lane), sight.Fenced));
    }

    /// <summary>Loads a word.</summary>
    public ulong Load(Warp warp, int lane, Allocation memory, long offset, int size, bool acquire)
    {
        Word word = Of(warp, lane, memory, offset, size);
        ref Sight sight = ref SightOf(warp, lane);
        int thread = warp.Thread(lane);
        for (int i = waiting.Count - 1; i >= 0; i--)
            if (waiting[i].Word == word && waiting[i].Block == warp.Block && (waiting[i].Thread == thread || waiting[i].Met))
                return waiting[i].Value;
        List<Version> versions = word.Versions;
        int chosen = versions.Count - 1, oldest = chosen;
        while (oldest > 0 && versions[oldest].Time > sight.Floor && versions[oldest - 1].Time >= word.Seen[warp.Block.Number]) oldest--;
        if (oldest < chosen && random.Next(4) == 0) chosen = random.Next(oldest, versions.Count);
        Version version = versions[chosen];
        word.Seen[warp.Block.Number] = version.Time;
        sight.Observed = Math.Max(sight.Observed, version.Time);
        if (version.Released is { } told) sight.Heard = sight.Heard?.With(told) ?? told;
        if (acquire) Acquire(warp, lane, ref sight);
        return version.Value;
    }

    /// <summary>Changes the latest that a word holds, at once, and gives what it held.</summary>
    public ulong Exchange(
        Warp warp, int lane, Allocation memory, long offset, int size, Func<ulong, ulong> change, bool acquire, bool release)
    {
        Word word = Of(warp, lane, memory, offset, size);
        ref Sight sight = ref SightOf(warp, lane);
        int thread = warp.Thread(lane);
        if (release)
        {
            Flush(warp.Block, thread);
            sight.Fenced = warp.Block.Tell(warp.Thread(lane));
        }
        for (int i = waiting.FindIndex(Earlier); i >= 0; i = waiting.FindIndex(Earlier)) Arrive(i);
        Version latest = word.Versions[^1];
        sight.Observed = Math.Max(sight.Observed, latest.Time);
        if (latest.Released is { } told) sight.Heard = sight.Heard?.With(told) ?? told;
        // who reads this has also read what it was made from
        Knowledge? tells = sight.Fenced is { } mine && latest.Released is { } theirs ? mine.With(theirs) : sight.Fenced ?? latest.Released;
        word.Add(new(change(latest.Value), ++time, tells));
        word.Seen[warp.Block.Number] = time;
        sight.Observed = time;
        if (acquire) Acquire(warp, lane, ref sight);
        return latest.Value;

        bool Earlier(Waiting w) => w.Word == word && w.Block == warp.Block && (w.Thread == thread || w.Met);
    }

    /// <summary>All that the thread did is seen before all that it does next.</summary>
    public void Fence(Warp warp, int lane)
    {
        Flush(warp.Block, warp.Thread(lane));
        ref Sight sight = ref SightOf(warp, lane);
        Acquire(warp, lane, ref sight);
        sight.Fenced = warp.Block.Tell(warp.Thread(lane));
    }

    /// <summary>Threads of a block have met: they see what any of them stored, and none sees what another knows to be over.</summary>
    public void Meet(Block block, IReadOnlyList<int> threads)
    {
        if (waiting.Count == 0 && !sights.ContainsKey(block)) return;
        HashSet<int> met = [.. threads];
        foreach (Waiting w in waiting)
            if (w.Block == block && met.Contains(w.Thread)) w.Met = true;
        if (!sights.TryGetValue(block, out Sight[]? all)) return;
        long floor = threads.Max(t => all[t].Floor);
        foreach (int t in threads) all[t].Floor = floor;
    }

    /// <summary>Now and then a store arrives.</summary>
    public void Pass()
    {
        if (waiting.Count > 0 && random.Next(4) == 0) Arrive(random.Next(waiting.Count));
    }

    /// <summary>The launch ends: all that is late arrives.</summary>
    public void Finish()
    {
        while (waiting.Count > 0) Arrive(random.Next(waiting.Count));
    }

    // of stores of one thread to one word the first
    void Arrive(int index)
    {
        Waiting chosen = waiting[index];
        int first = waiting.FindIndex(w => w.Word == chosen.Word && w.Block == chosen.Block && w.Thread == chosen.Thread);
        Waiting arriving = waiting[first];
        waiting.RemoveAt(first);
        arriving.Word.Add(new(arriving.Value, ++time, arriving.Released));
    }

    void Flush(Block block, int thread)
    {
        for (int i = 0; i < waiting.Count;)
            if (waiting[i] is { } w && w.Block == block && (w.Thread == thread || w.Met)) Arrive(i);
            else i++;
    }

    static void Acquire(Warp warp, int lane, ref Sight sight)
    {
        sight.Floor = Math.Max(sight.Floor, sight.Observed);
        if (sight.Heard is { } heard) warp.Block.Learn(warp.Thread(lane), heard);
        sight.Heard = null;
    }

    ref Sight SightOf(Warp warp, int lane)
    {
        if (!sights.TryGetValue(warp.Block, out Sight[]? all)) sights.Add(warp.Block, all = new Sight[warp.Grid.Threads]);
        return ref all[warp.Thread(lane)];
    }

    Word Of(Warp warp, int lane, Allocation memory, long offset, int size)
    {
        if (size is not (4 or 8)) throw warp.Fault(PtxFault.Unknown, lane, $"accesses {size} bytes strongly: 4 and 8 are known");
        foreach (long other in (ReadOnlySpan<long>)[offset - 4, offset, offset + 4])
            if (words.TryGetValue((memory, other), out Word? near) && near.Size != size
                && other + near.Size > offset && other < offset + size)
                throw warp.Fault(PtxFault.Unknown, lane, "accesses a part of what is accessed strongly as a whole, or more than it");
        if (!words.TryGetValue((memory, offset), out Word? word))
            words.Add((memory, offset), word = new(memory, offset, size, warp.Grid.Blocks));
        return word;
    }

    static ulong Read(byte* from, int size) => size == 4 ? *(uint*)from : *(ulong*)from;
}
