using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;
using GpuRnn.Peers.Cases;
using GpuRnn.Peers.Libraries;
using GpuRnn.Peers.Reporting;

namespace GpuRnn.Peers.Commands;

/// <summary>
/// How much memory a training step takes at its peak. Each figure comes from a process of its own, which has done nothing else.
/// </summary>
static class MemoryCommand
{
    const string ChildName = "memory-of";
    const int Steps = 5;
    static readonly Library[] s_libraries = [Library.Gpurnn, Library.Libtorch];

    public static Command Create()
    {
        Command memory = new("memory", "Peak memory of a training step.") { CompareCommand.JsonOption() };
        memory.SetAction((parse, cancel) =>
        {
            string? json = parse.GetValue<string?>("--json");
            Report.ThrowIfNoFolder(json);
            List<MemoryResult> results = [];
            MarkdownTable table = new(["T, B, I, H", .. s_libraries.Select(l => $"{l.Name}, MB")]);
            foreach (BenchShape shape in new[] { 0, 2, 3, 4 }.Select(i => BenchShape.Default[i]))
            {
                Console.Error.WriteLine($"memory: {shape}");
                LibraryMemory[] libraries = [.. s_libraries.Select(l => new LibraryMemory(l.Id, RunChild(l.Id, shape, cancel)))];
                MemoryResult result = new("memory", "lstm", "training", shape.T, shape.B, shape.I, shape.H, libraries);
                results.Add(result);
                table.Add([result.Shape, .. libraries.Select(l => Figure.Fixed(l.Megabytes, 1))]);
            }
            using Device device = Device.Open("cpu");
            Participants.Prepare(device);
            Report.Write(json, Report.Of(device, results));
            Console.WriteLine(table);
            return Task.FromResult(0);
        });
        return memory;
    }

    static double RunChild(string library, BenchShape shape, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        string[] arguments = [typeof(MemoryCommand).Assembly.Location, ChildName, library, $"{shape}"];
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        using Process child = Process.Start(start)!;
        string said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 && double.TryParse(said, CultureInfo.InvariantCulture, out double megabytes) ? megabytes
            : throw new GpuRnnException($"The process that measures {library} on {shape} ended with {child.ExitCode}: {said}");
    }

    /// <summary>The process that measures one library.</summary>
    public static Command CreateChild()
    {
        Argument<string> library = new("library"), shape = new("shape");
        Command child = new(ChildName) { library, shape };
        child.Hidden = true;
        child.SetAction(parse =>
        {
            Console.WriteLine(Measure(parse.GetValue(library)!, BenchShape.Parse(parse.GetValue(shape)!))
                .ToString(CultureInfo.InvariantCulture));
            return 0;
        });
        return child;
    }

    /// <summary>MB above what the process had once the library was warm and the program's own arrays were made.</summary>
    static double Measure(string library, BenchShape shape)
    {
        Case tiny = new("memory", "lstm", true, new(2, 2, 8, 8)), c = tiny with { Shape = shape };
        using Device device = Device.Open("cpu");
        if (library == "libtorch") Libtorch.Prepare(device.Workers);
        using (IPeer warm = PeerOf(tiny, new(tiny))) warm.Call();
        CaseData data = new(c);
        GC.Collect();
        ForgetPeak();
        double before = Status("VmRSS");
        using IPeer peer = PeerOf(c, data);
        for (int step = 0; step < Steps; step++) peer.Call();
        double most = Status("VmHWM");
        GC.KeepAlive(data);
        return (most - before) / 1e3;

        IPeer PeerOf(Case what, CaseData with) =>
            library == "gpurnn" ? new GpuRnnPeer(what, with, device) : new LibtorchPeer(what, with, packed: false);
    }

    /// <summary>The start of the process may have taken more for a moment; the kernel forgets that on demand.</summary>
    static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>kB, from lines such as "VmHWM:     12345 kB".</summary>
    static double Status(string key)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key + ":", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1.024;
    }
}
