using GpuRnn.Devices;

namespace GpuRnn.Backends.Cpu;

/// <summary>
/// Which worker of a team sits on which core, of as many cores as workers. The scheduler wakes threads on the core of the one that calls
/// them and takes its time to part them: half the speed meanwhile, and far less where they meet each step. The thread that launches is the
/// program's: it sits where it likes, and whoever sat there moves to the core that is free.
/// </summary>
/// <param name="cores">A core for each worker.</param>
sealed class Seats(int[] cores)
{
    readonly int[] threads = new int[cores.Length];
    readonly int[] core = [.. cores];

    /// <summary>This thread is a worker of the team from now on.</summary>
    public void Take(int worker)
    {
        threads[worker] = Cores.ThisThread();
        Move(worker);
    }

    /// <summary>Nobody sits where this thread runs.</summary>
    public void MakeRoom()
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
