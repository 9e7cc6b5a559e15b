using System.Runtime.InteropServices;
using GpuRnn.Backends.Cpu;
using GpuRnn.Devices;
using GpuRnn.Kernels.Workers;
using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Tests.Devices;

/// <summary>The resident workers of a CPU: every launch once on each of its workers, in order, and nothing left behind.</summary>
[CancelAfter(120_000)]
public class TeamTests
{
    /// <summary>Counts its calls by worker.</summary>
    sealed class Counter(int most) : ITeamWork
    {
        public readonly int[] Calls = new int[most];
        public int Workers;

        public void Run()
        {
            if (CpuWorkers.Count() != Workers) throw new InvalidOperationException("another launch's workers");
            Interlocked.Increment(ref Calls[CpuWorkers.Index()]);
        }
    }

    static void Launch(Team team, ITeamWork work, int workers)
    {
        using (team.Enter()) team.Run(work, workers);
    }

    /// <summary>Launches of changing size, right behind each other and after the team fell asleep.</summary>
    [Test]
    public void EveryWorkerRunsOnce([Values(2, 3, 8, 24)] int workers)
    {
        using Team team = new(workers, null);
        Counter counter = new(workers);
        Random random = new(1);
        int[] expected = new int[workers];
        for (int launch = 0; launch < 2_000; launch++)
        {
            counter.Workers = random.Next(2, workers + 1);
            for (int i = 0; i < counter.Workers; i++) expected[i]++;
            Launch(team, counter, counter.Workers);
            if (launch % 200 == 0) Thread.Sleep(5);
        }
        Assert.That(counter.Calls, Is.EqualTo(expected));
    }

    /// <summary>Workers that meet inside a launch, more of them than cores.</summary>
    sealed unsafe class Meeting(int* barrier) : ITeamWork
    {
        public int Inside, Wrong;

        public void Run()
        {
            int workers = CpuWorkers.Count();
            for (int turn = 1; turn <= 20; turn++)
            {
                Interlocked.Increment(ref Inside);
                CpuWorkers.Meet(barrier, workers);
                if (Volatile.Read(ref Inside) != turn * workers) Interlocked.Increment(ref Wrong);
                CpuWorkers.Meet(barrier, workers);
            }
            CpuWorkers.Meet(barrier, workers);
            if (CpuWorkers.Index() == 0) Inside = 0;
        }
    }

    [Test]
    public unsafe void WorkersMeet([Values(2, 5, 16)] int workers)
    {
        int* barrier = (int*)NativeMemory.AlignedAlloc(256, 64);
        try
        {
            NativeMemory.Clear(barrier, 256);
            using Team team = new(workers, null);
            Meeting meeting = new(barrier);
            for (int launch = 0; launch < 10; launch++) Launch(team, meeting, workers);
            Assert.That(meeting.Wrong, Is.Zero);
        }
        finally
        {
            NativeMemory.AlignedFree(barrier);
        }
    }

    /// <summary>Two threads of a program that launch on one team take turns.</summary>
    [Test]
    public void LaunchesOfTwoThreadsTakeTurns()
    {
        using Team team = new(3, null);
        int inside = 0, wrong = 0;
        Work work = new(() =>
        {
            if (Interlocked.Increment(ref inside) > 3) Interlocked.Increment(ref wrong);
            Thread.SpinWait(20);
            Interlocked.Decrement(ref inside);
        });
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 1_000; i++) Launch(team, work, 3);
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(wrong, Is.Zero);
    }

    sealed class Work(Action action) : ITeamWork
    {
        public void Run() => action();
    }

    /// <summary>What a worker throws, the program gets, and the team goes on.</summary>
    [Test]
    public void WhatAWorkerThrowsTheProgramGets([Values(0, 1, 2)] int thrower)
    {
        using Team team = new(3, null);
        Work failing = new(() =>
        {
            if (CpuWorkers.Index() == thrower) throw new FormatException($"worker {thrower}");
        });
        Counter counter = new(3) { Workers = 3 };
        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => Launch(team, failing, 3), Throws.TypeOf<FormatException>().With.Message.EqualTo($"worker {thrower}"));
            Launch(team, counter, 3);
        }
        Assert.That(counter.Calls, Is.EqualTo(new[] { 3, 3, 3 }));
    }

    /// <summary>Numbers of this process's threads that are workers.</summary>
    static string[] Workers() => [.. Directory.GetDirectories("/proc/self/task")
        .Where(t => File.ReadAllText(Path.Combine(t, "comm")).StartsWith("GpuRnn worker", StringComparison.Ordinal)).Order()];

    [Test, Platform("Linux")]
    public void NoThreadIsLeftBehind()
    {
        string[] before = Workers();
        for (int i = 0; i < 20; i++)
        {
            Team team = new(5, null);
            if (i % 2 == 0) Launch(team, new Counter(5) { Workers = 5 }, 5);
            if (i % 4 == 0) Thread.Sleep(2);
            Assert.That(Workers().Except(before).Count(), Is.LessThanOrEqualTo(4));
            team.Dispose();
            team.Dispose();
            Assert.That(() => Launch(team, new Counter(5), 5), Throws.TypeOf<ObjectDisposedException>());
        }
        // a thread that was joined is still on its way out of the system's list
        Assert.That(() => Workers(), Is.SubsetOf(before).After(2_000, 10));
    }

    /// <summary>Processor time in ticks of 10 ms.</summary>
    static long Ticks(string task)
    {
        string[] fields = File.ReadAllText(Path.Combine(task, "stat")).Split(") ")[^1].Split(' ');
        return long.Parse(fields[11], null) + long.Parse(fields[12], null);
    }

    [Test, Platform("Linux")]
    public void AnIdleTeamTakesNoProcessorTime()
    {
        string[] others = Workers();
        using Team team = new(4, null);
        Launch(team, new Counter(4) { Workers = 4 }, 4);
        string[] tasks = [.. Workers().Except(others)];
        Assert.That(tasks, Has.Length.EqualTo(3));
        Thread.Sleep(20);
        long before = tasks.Sum(Ticks);
        Thread.Sleep(500);
        Assert.That(tasks.Sum(Ticks) - before, Is.LessThanOrEqualTo(1), "of 150 ticks that three busy threads would have");
    }

    /// <summary>Launches on two workers, one behind the other, leave the third alone.</summary>
    [Test, Platform("Linux")]
    public void WhoIsNotNeededSleeps()
    {
        string[] others = Workers();
        using Team team = new(3, null);
        Launch(team, new Counter(3) { Workers = 3 }, 3);
        string third = Workers().Except(others).Single(t =>
            File.ReadAllText(Path.Combine(t, "comm")).Trim().EndsWith('2'));
        Counter two = new(2) { Workers = 2 };
        long before = Ticks(third);
        for (long began = Environment.TickCount64; Environment.TickCount64 - began < 500;) Launch(team, two, 2);
        Assert.That(Ticks(third) - before, Is.LessThanOrEqualTo(3), "of 50 ticks that a busy thread would have");
        Launch(team, new Counter(3) { Workers = 3 }, 3);
    }

    [Test, Platform("Linux")]
    public void WorkersKeepToANode()
    {
        foreach (int core in Cores.Allowed())
        {
            using Team team = new(3, new NodeForAll([core], 3));
            int[] seen = new int[3];
            Launch(team, new Work(() => seen[CpuWorkers.Index()] = Cores.Current()), 3);
            Assert.That(seen[1..], Is.All.EqualTo(core));
        }
    }

    /// <summary>As many workers as cores: nobody sits where the program's thread runs.</summary>
    [Test, Platform("Linux")]
    public void WorkersSitApart()
    {
        int[] cores = Cores.Allowed();
        if (cores.Length < 2) Assert.Ignore("This machine has one core.");
        using Team team = new(cores.Length, new CoreEach(cores));
        int[] seen = new int[cores.Length];
        Work look = new(() => seen[CpuWorkers.Index()] = Cores.Current());
        Launch(team, look, cores.Length); // all have taken their seats
        foreach (int core in cores.Concat(cores))
        {
            Thread program = new(() =>
            {
                Cores.Pin(Cores.ThisThread(), core);
                Thread.Sleep(1);
                Launch(team, look, cores.Length);
            });
            program.Start();
            program.Join();
            Assert.That(seen[0], Is.EqualTo(core));
            Assert.That(seen, Is.Unique);
        }
    }

    static void Twice(ArrayView<float> from, ArrayView<float> to) => to[Grid.GlobalIndex.X] = 2 * from[Grid.GlobalIndex.X];

    /// <summary>Kernels that a program launches on the device's accelerator, and passes, run in the order of their calls.</summary>
    [Test]
    public void ProgramsKernelsAndPassesKeepTheirOrder([Values("cpu:1", "cpu:2", "cpu:5")] string name)
    {
        const int T = 3, B = 4, I = 8, H = 32;
        using Device device = Device.Open(name);
        using Recurrent<float> network = new(device, Cell.Gru, I, H);
        network.Initialize(1);
        using Pass<float> pass = network.Plan(T, B);
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 1)), twice = [.. x.Select(v => 2 * v)];
        float[] expected = [.. pass.Forward(twice).Select(v => 2 * v)];
        using var given = device.Accelerator.Allocate1D(x);
        using var doubled = device.Accelerator.Allocate1D<float>(x.Length);
        using var result = device.Accelerator.Allocate1D<float>(expected.Length);
        var kernel = device.Accelerator.LoadKernel<ArrayView<float>, ArrayView<float>>(Twice);
        for (int i = 0; i < 50; i++)
        {
            doubled.MemSetToZero(device.Stream);
            kernel(device.Stream, new(x.Length, 1), given.View, doubled.View);
            pass.UseInput(doubled.View);
            pass.Forward();
            kernel(device.Stream, new(expected.Length, 1), pass.Output, result.View);
            device.Synchronize();
            Assert.That(result.GetAsArray1D(), Is.EqualTo(expected));
        }
    }

    /// <summary>One worker is the thread that calls, whatever thread that is.</summary>
    [Test, Platform("Linux")]
    public void OneWorkerIsTheCaller()
    {
        string[] before = Workers();
        using Device device = Device.Open("cpu:1");
        Assert.That(Workers(), Is.SubsetOf(before));
        int ran = 0;
        device.Backend.Kernel<int>(_ => ran = Environment.CurrentManagedThreadId).Launch(new(1, 1), 0);
        Assert.That(ran, Is.EqualTo(Environment.CurrentManagedThreadId));
    }
}
