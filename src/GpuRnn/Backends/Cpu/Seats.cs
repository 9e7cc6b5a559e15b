using GpuRnn.Devices;

namespace GpuRnn.Backends.Cpu;

/// <summary>Where the workers of a team run.</summary>
abstract class Seats
{
    /// <summary>This thread is a worker of the team from now on.</summary>
    public abstract void Take(int worker);

    /// <summary>The thread that launches is about to work where it is.</summary>
    public virtual void MakeRoom() { }

    /// <summary>
    /// A core for each worker where there are as many; a node of several for fewer workers; else null, and the scheduler does it: with
    /// fewer workers than cores another device, or process, may want the rest, and which cores are free only the scheduler knows.
    /// </summary>
    public static Seats? For(int workers)
    {
        if (workers < 2 || !OperatingSystem.IsLinux()) return null;
        int[] allowed = Cores.Allowed();
        IReadOnlyList<int[]> nodes = Cores.Nodes("/");
        int here = Cores.Current();
        if (allowed.Length == workers) return new CoreEach(CoreOrder.NodeByNode(allowed, nodes, here));
        return CoreOrder.OneNode(allowed, nodes, here, workers) is { Length: > 0 } node ? new NodeForAll(node) : null;
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
/// <param name="node">Its cores.</param>
sealed class NodeForAll(int[] node) : Seats
{
    public override void Take(int worker)
    {
        if (Cores.ThisThread() is > 0 and int thread) Cores.Pin(thread, node);
    }
}
