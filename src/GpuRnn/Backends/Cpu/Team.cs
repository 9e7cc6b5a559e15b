using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using GpuRnn.Kernels.Workers;

namespace GpuRnn.Backends.Cpu;

/// <summary>What a team does together.</summary>
interface ITeamWork
{
    /// <summary>A worker's part: <see cref="CpuWorkers"/> says which worker it is.</summary>
    void Run();
}

/// <summary>
/// Workers that stay: the thread that launches, as worker 0, and threads of the team. Between two launches they look for the next one for a
/// while and then sleep, so that a launch behind another costs no wake-up and an idle team no processor time.
/// </summary>
sealed class Team : IDisposable
{
    /// <summary>
    /// For so long a worker looks for the next launch: longer than what a training step does between two, short beside what an application
    /// does otherwise.
    /// </summary>
    static readonly long s_patience = Stopwatch.Frequency / 10_000;

    readonly Member[] members;
    readonly Lock one = new();
    readonly Seats? seats;
    ITeamWork? work;
    ExceptionDispatchInfo? failure;
    Shared shared;
    bool ended;

    /// <summary>What all look at, each number on lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    struct Shared
    {
        /// <summary>
        /// How many launches there were, and in the lowest 16 bits the workers of the last: who reads one knows the other.
        /// </summary>
        [FieldOffset(128)] public long Launch;
        /// <summary>Workers that are not done with it.</summary>
        [FieldOffset(256)] public int Left;
    }

    /// <summary>A thread of the team.</summary>
    sealed class Member
    {
        public required Thread Thread { get; init; }
        public SemaphoreSlim Call { get; } = new(0);
        public int Asleep;
    }

    /// <param name="workers">How many, with the one that launches.</param>
    /// <param name="seats">Where they run; null for wherever the scheduler likes.</param>
    public Team(int workers, Seats? seats)
    {
        this.seats = seats;
        members = new Member[workers - 1];
        for (int i = 0; i < members.Length; i++)
        {
            int index = i + 1;
            members[i] = new() { Thread = new(() => Serve(index)) { IsBackground = true, Name = $"GpuRnn worker {index}" } };
        }
        foreach (Member member in members) member.Thread.Start();
    }

    /// <summary>Runs a kernel on this thread alone.</summary>
    public static void Alone<A>(Action<A> method, in A a)
    {
        using DenormalScope flush = DenormalScope.Enter();
        CpuWorkers.Become(0, 1);
        try
        {
            method(a);
        }
        finally
        {
            CpuWorkers.Become(0, 0);
        }
    }

    /// <summary>One launch at a time.</summary>
    public Lock.Scope Enter() => one.EnterScope();

    /// <summary>Runs work on so many workers, this thread among them; returns when all are done. Only inside <see cref="Enter"/>.</summary>
    public void Run(ITeamWork next, int workers)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        seats?.MakeRoom();
        work = next;
        shared.Left = workers - 1;
        Interlocked.Exchange(ref shared.Launch, (shared.Launch >> 16) + 1 << 16 | (long)workers);
        for (int i = 0; i < workers - 1; i++) Wake(members[i]);
        using DenormalScope flush = DenormalScope.Enter();
        CpuWorkers.Become(0, workers);
        try
        {
            next.Run();
        }
        finally
        {
            CpuWorkers.Become(0, 0);
            for (int spins = 0; Volatile.Read(ref shared.Left) > 0; spins++)
                if (spins > 20000) Thread.Yield();
            work = null;
        }
        if (failure is null) return;
        ExceptionDispatchInfo thrown = failure;
        failure = null;
        thrown.Throw();
    }

    static void Wake(Member member)
    {
        if (Volatile.Read(ref member.Asleep) != 0 && Interlocked.Exchange(ref member.Asleep, 0) != 0) member.Call.Release();
    }

    void Serve(int index)
    {
        Denormals.Flush();
        seats?.Take(index);
        bool needed = true;
        for (long seen = 0; ;)
        {
            // who had no part in the last launch sleeps: others may be many that need fewer workers
            seen = Next(members[index - 1], seen, needed ? s_patience : 0);
            if (Volatile.Read(ref ended)) return;
            int workers = (int)(seen & 0xffff);
            needed = index < workers;
            if (!needed) continue;
            CpuWorkers.Become(index, workers);
            try
            {
                work!.Run();
            }
            catch (Exception e)
            {
                failure ??= ExceptionDispatchInfo.Capture(e);
            }
            Interlocked.Decrement(ref shared.Left);
        }
    }

    /// <summary>The next launch behind one that was seen.</summary>
    long Next(Member member, long seen, long patience)
    {
        long began = Stopwatch.GetTimestamp(), launch;
        do
        {
            for (int i = 0; i < 32; i++)
            {
                if ((launch = Volatile.Read(ref shared.Launch)) != seen) return launch;
                Thread.SpinWait(1);
            }
        }
        while (Stopwatch.GetTimestamp() - began < patience);
        while (true)
        {
            Interlocked.Exchange(ref member.Asleep, 1);
            if ((launch = Volatile.Read(ref shared.Launch)) != seen)
            {
                if (Interlocked.Exchange(ref member.Asleep, 0) == 0) member.Call.Wait(); // a call is under way
                return launch;
            }
            member.Call.Wait();
            if ((launch = Volatile.Read(ref shared.Launch)) != seen) return launch;
        }
    }

    /// <summary>Ends the threads. Behind a launch that runs.</summary>
    public void Dispose()
    {
        lock (one)
        {
            if (ended) return;
            Volatile.Write(ref ended, true);
            Interlocked.Exchange(ref shared.Launch, (shared.Launch >> 16) + 1 << 16);
            foreach (Member member in members) Wake(member);
        }
        foreach (Member member in members)
        {
            member.Thread.Join();
            member.Call.Dispose();
        }
        seats?.Leave();
    }
}
