using GpuRnn.Devices;

namespace GpuRnn.Backends.Cpu;

/// <summary>Where the workers of a team run.</summary>
abstract class Seats
{
    /// <summary>This thread is a worker of the team from now on.</summary>
    public abstract void Take(int worker);

    /// <summary>The thread that launches is about to work where it is.</summary>
    public virtual void MakeRoom() { }

    /// <summary>The team ends.</summary>
    public virtual void Leave() { }

    /// <summary>
    /// A core for each worker where there are as many; for fewer workers a node of several, the one that least of this process's devices
    /// have; else null, and the scheduler does it: which cores of a node are free only it knows.
    /// </summary>
    public static Seats? For(int workers)
    {
        if (workers < 2 || !OperatingSystem.IsLinux()) return null;
        int[] allowed = Cores.Allowed();
        IReadOnlyList<int[]> nodes = Cores.Nodes("/");
        int here = Cores.Current();
        if (allowed.Length == workers) return new CoreEach(CoreOrder.NodeByNode(allowed, nodes, here));
        return NodeForAll.Of(allowed, nodes, here, workers);
    }
}

/// <summary>
/// A core for each worker. The scheduler wakes threads on the core of the one that calls them and takes its time to part them: half the
/// speed meanwhile, and far less where they meet each step. The thread that launches is the program's: it sits where it likes, and whoever
/// sat there moves to the core that is free.
/// </summary>
/// <param name="cores">As many as workers.</param>
sealed class CoreEach(int[] cores) : Seats
{
    readonly int[] threads = new int[cores.Length];
    readonly int[] core = [.. cores];

    public override void Take(int worker)
    {
        threads[worker] = Cores.ThisThread();
        Move(worker);
    }

    /// <summary>Nobody sits where this thread runs.</summary>
    public override void MakeRoom()
    {
        int here = Cores.Current();
        if (here == core[0]) return;
        int there = Array.IndexOf(core, here);
        if (there < 0) return;
        (core[0], core[there]) = (core[there], core[0]);
        Move(there);
    }

    void Move(int worker)
    {
        if (threads[worker] > 0) Cores.Pin(threads[worker], core[worker]);
    }
}

/// <summary>All workers within the cores of a node, where the scheduler moves them as it likes.</summary>
sealed class NodeForAll : Seats
{
    static readonly Lock s_one = new();

    /// <summary>Workers of this process on the node that begins with a core.</summary>
    static readonly Dictionary<int, int> s_workers = [];

    readonly int workers;

    /// <param name="node">Its cores.</param>
    /// <param name="workers">How many they are.</param>
    public NodeForAll(int[] node, int workers)
    {
        (Node, this.workers) = (node, workers);
        Count(workers);
    }

    /// <summary>The cores.</summary>
    public int[] Node { get; }

    void Count(int more)
    {
        lock (s_one) s_workers[Node[0]] = s_workers.GetValueOrDefault(Node[0]) + more;
    }

    /// <summary>Seats on one of these nodes; null where none has enough cores, or there is but one.</summary>
    public static NodeForAll? Of(int[] allowed, IReadOnlyList<int[]> nodes, int here, int workers)
    {
        lock (s_one)
            return CoreOrder.OneNode(allowed, nodes, here, workers, first => s_workers.GetValueOrDefault(first)) is { Length: > 0 } node
                ? new(node, workers) : null;
    }

    public override void Take(int worker)
    {
        if (Cores.ThisThread() is > 0 and int thread) Cores.Pin(thread, Node);
    }

    public override void Leave() => Count(-workers);
}
