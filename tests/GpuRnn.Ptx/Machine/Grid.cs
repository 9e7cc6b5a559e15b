using GpuRnn.Ptx.Memory;

namespace GpuRnn.Ptx.Machine;

/// <summary>
/// A launch: runs every thread of every block, a few instructions of one warp at a time, in an order that a seed decides.
/// </summary>
sealed class Grid
{
    static long s_launches;

    readonly Random random;
    readonly List<Warp> ready = [];
    readonly HashSet<Warp> awake = [];
    readonly Queue<int> coming;
    readonly List<Message> messages = [];
    readonly List<Block> running = [];
    readonly int longest;
    // instructions that warps have run
    long done;

    /// <param name="code">What to run.</param>
    /// <param name="shape">In how many threads.</param>
    /// <param name="parameters">The arguments.</param>
    /// <param name="memory">The device's memory.</param>
    public Grid(KernelCode code, LaunchShape shape, byte[] parameters, GlobalMemory memory)
    {
        (Code, Shape, Parameters, Memory) = (code, shape, parameters, memory);
        PieceShift = code.PieceShift;
        Launch = Interlocked.Increment(ref s_launches);
        Blocks = shape.Grid.X * shape.Grid.Y * shape.Grid.Z;
        Threads = shape.Block.X * shape.Block.Y * shape.Block.Z;
        int most = code.Text.MostThreads > 0 ? code.Text.MostThreads : 1024;
        if (Threads < 1 || Threads > most || Blocks < 1)
            throw new PtxFaultException(PtxFault.Launch, $"{code.Text.Name}: {Blocks} blocks of {Threads} threads cannot be launched");
        if (parameters.Length != code.Text.ParameterBytes) throw new PtxFaultException(PtxFault.Launch,
            $"{code.Text.Name} takes {code.Text.ParameterBytes} bytes of arguments, not {parameters.Length}");
        random = new(shape.Seed);
        longest = 1 << random.Next(3, 10);
        DynamicSharedOffset = (code.Text.SharedBytes + 15) & ~15;
        if (Blocks % shape.Cluster != 0) throw new PtxFaultException(PtxFault.Launch,
            $"{code.Text.Name}: {Blocks} blocks are no whole number of clusters of {shape.Cluster}");
        Nothing = new(new int[Blocks][]);
        Order = new(random);
        int[] order = [.. Enumerable.Range(0, Blocks / shape.Cluster)];
        random.Shuffle(order);
        coming = new(order);
    }

    /// <summary>What it runs.</summary>
    public KernelCode Code { get; }
    /// <summary>How it was launched.</summary>
    public LaunchShape Shape { get; }
    /// <summary>The arguments.</summary>
    public byte[] Parameters { get; }
    /// <summary>The device's memory.</summary>
    public GlobalMemory Memory { get; }
    /// <summary>Its number among all launches of the process.</summary>
    public long Launch { get; }
    /// <summary>How many blocks.</summary>
    public int Blocks { get; }
    /// <summary>Threads of each.</summary>
    public int Threads { get; }
    /// <summary>Where shared memory begins whose size the launch says.</summary>
    public int DynamicSharedOffset { get; }
    /// <summary>What threads know that have met nobody.</summary>
    public Knowledge Nothing { get; }
    /// <summary>The logarithm of the bytes whose readers and writers are told apart.</summary>
    public int PieceShift { get; }

    /// <summary>What strong accesses see of each other.</summary>
    public Ordering Order { get; }

    /// <summary>What the clock says.</summary>
    public long Nanoseconds => done * Shape.InstructionTime;

    /// <summary>A message is on its way.</summary>
    public void Send(Message message) => messages.Add(message);

    /// <summary>Now and then something takes longer.</summary>
    public bool IsLate() => random.Next(4) == 0;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="PtxFaultException">What a GPU would not do, or might do otherwise.</exception>
    public void Run()
    {
        Start();
        while (ready.Count > 0)
        {
            int index = random.Next(ready.Count);
            Warp warp = ready[index];
            if (warp.Ready(random) is { } fragment) Step(warp, fragment);
            else
            {
                ready[index] = ready[^1];
                ready.RemoveAt(ready.Count - 1);
                awake.Remove(warp);
            }
            if (warp.Block.IsDone && running.Remove(warp.Block)) Start();
            Order.Pass();
            if (messages.Count > 0 && random.Next(4) == 0) Deliver(random.Next(messages.Count));
        }
        if (running.Count > 0) throw Stuck();
        while (messages.Count > 0) Deliver(0);
        Order.Finish();
    }

    void Step(Warp warp, Fragment fragment)
    {
        try
        {
            done += warp.Run(fragment, random.Next(1, longest));
        }
        catch (DivideByZeroException)
        {
            throw warp.Fault(PtxFault.Unknown, 0, "divides by zero");
        }
        if (done > Shape.Most) throw new PtxFaultException(PtxFault.Endless,
            $"{Code.Text.Name}: {done} instructions were run and there is no end: {string.Join("; ", running.Take(3).Select(At))}");
    }

    void Deliver(int index)
    {
        Message message = messages[index];
        messages.RemoveAt(index);
        message.Arrive();
    }

    static string At(Block block) => $"block {block.Number} is at {block.Grid.Where(block.Warps[0].Current.Place)}";

    void Start()
    {
        while (running.Count + Shape.Cluster <= Math.Max(Shape.Resident, Shape.Cluster) && coming.TryDequeue(out int number))
        {
            Block[] blocks = [.. Enumerable.Range(number * Shape.Cluster, Shape.Cluster).Select(n => new Block(this, n))];
            Cluster cluster = new(blocks);
            foreach (Block block in blocks) block.Cluster = cluster;
            running.AddRange(blocks);
            foreach (Warp warp in blocks.SelectMany(b => b.Warps)) Wake(warp);
        }
    }

    /// <summary>A warp can run again.</summary>
    public void Wake(Warp warp)
    {
        if (awake.Add(warp)) ready.Add(warp);
    }

    PtxFaultException Stuck()
    {
        IEnumerable<string> waiting = running.SelectMany(b => b.Warps).SelectMany(w => w.Waiting.Select(f =>
            $"block {w.Block.Number}, warp {w.Number}, lanes 0x{f.Lanes:x} wait {f.Waits} at {Where(f.At - 1)}"));
        string[] first = [.. waiting.Take(4)];
        return new(PtxFault.Deadlock, $"{Code.Text.Name}: everybody waits: {string.Join("; ", first)} [seed {Shape.Seed}]");
    }

    /// <summary>An instruction, for a message.</summary>
    public string Where(int place) =>
        $"{Code.Text.Name}, line {Code.Instructions[place].Source.Line} '{Code.Instructions[place].Source.Text}'";

    /// <summary>A thread, for a message.</summary>
    public static string Who(int block, int thread) => $"thread {thread} of block {block}";
}
