using GpuRnn.Backends.Cpu;
using GpuRnn.Backends.Cpu.Speeds;
using GpuRnn.Devices;
using GpuRnn.Devices.Machines;

namespace GpuRnn.Tests.Devices;

/// <summary>What a machine tells, and what was measured of it and kept.</summary>
public class MachineTests : FolderTests
{
    void Sysfs(params (string Index, string Level, string Type, string Size, string Cores)[] caches)
    {
        foreach ((string index, string level, string type, string size, string cores) in caches)
        {
            string at = Directory.CreateDirectory(Path.Combine(folder, "sys/devices/system/cpu/cpu0/cache", index)).FullName;
            foreach ((string name, string text) in new[] { ("level", level), ("type", type), ("size", size), ("shared_cpu_list", cores) })
                File.WriteAllText(Path.Combine(at, name), text + "\n");
        }
        Directory.CreateDirectory(Path.Combine(folder, "proc"));
        File.WriteAllText(Path.Combine(folder, "proc/cpuinfo"), "processor\t: 0\nmodel name\t: Some Processor (TM) 42\n");
    }

    /// <summary>Two threads of a core share its caches, and eight cores of two threads a last level.</summary>
    [Test]
    public void LinuxTellsWhoSharesWhat()
    {
        Sysfs(("index0", "1", "Data", "48K", "0,64"), ("index1", "1", "Instruction", "32K", "0,64"),
            ("index2", "2", "Unified", "2048K", "0,64"), ("index3", "3", "Unified", "36M", "0-7,64-71"));
        Assert.That(Machine.Read(new LinuxMachine(folder)),
            Is.EqualTo(new Machine("Some Processor (TM) 42", 24 << 10, 1 << 20, 36 << 20, 16)));
    }

    /// <summary>Four cores that share a second level, which is the last.</summary>
    [Test]
    public void ASecondLevelMayBeTheLast()
    {
        Sysfs(("index0", "1", "Data", "64K", "0"), ("index1", "2", "Unified", "4096K", "0-3"));
        Assert.That(Machine.Read(new LinuxMachine(folder)),
            Is.EqualTo(new Machine("Some Processor (TM) 42", 64 << 10, 1 << 20, 4 << 20, 4)));
    }

    [TestCase("no folder"), TestCase("nonsense")]
    public void WhatIsNotToldIsUsual(string what)
    {
        if (what == "nonsense") Sysfs(("index0", "one", "Data", "K", "a-b"));
        Machine machine = Machine.Read(new LinuxMachine(folder));
        Assert.That((machine.FirstLevel, machine.SecondLevel, machine.LastLevel), Is.EqualTo((32L << 10, 512L << 10, 8L << 20)));
        Assert.That(machine.LastLevelCores, Is.EqualTo(Environment.ProcessorCount));
    }

    [Test]
    public void ThisMachineIsRead()
    {
        Machine machine = Machine.This;
        Assert.That(machine.Name, Is.Not.Empty);
        Assert.That(machine.FirstLevel, Is.InRange(4 << 10, 1 << 20));
        Assert.That(machine.SecondLevel, Is.InRange(machine.FirstLevel, 256 << 20));
        Assert.That(machine.LastLevel, Is.GreaterThanOrEqualTo(machine.SecondLevel));
    }

    void Nodes(params string[] lists)
    {
        for (int i = 0; i < lists.Length; i++)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(
                Path.Combine(folder, $"sys/devices/system/node/node{i}")).FullName, "cpulist"), lists[i] + "\n");
    }

    /// <summary>Twelve nodes, so that 10 comes behind 9; the last has memory alone.</summary>
    [Test]
    public void LinuxTellsNodesInTheirOrder()
    {
        Nodes([.. Enumerable.Range(0, 11).Select(i => $"{2 * i}-{2 * i + 1}"), ""]);
        IReadOnlyList<int[]> nodes = Cores.Nodes(folder);
        Assert.That(nodes, Has.Count.EqualTo(11));
        Assert.That(nodes[2], Is.EqualTo(new[] { 4, 5 }));
        Assert.That(nodes[10], Is.EqualTo(new[] { 20, 21 }));
        Assert.That(Cores.Nodes(Path.Combine(folder, "none")), Is.Empty);
    }

    /// <summary>Two sockets of four cores, whose second threads come last.</summary>
    static readonly int[][] s_sockets = [[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]];

    [TestCase(1, new[] { 0, 1, 2, 3, 8, 9, 4, 5, 6, 12 }), TestCase(5, new[] { 4, 5, 6, 12, 0, 1, 2, 3, 8, 9 })]
    [TestCase(-1, new[] { 0, 1, 2, 3, 8, 9, 4, 5, 6, 12 })]
    public void WorkersSitNodeByNode(int here, int[] expected) =>
        Assert.That(CoreOrder.NodeByNode([0, 1, 2, 3, 4, 5, 6, 8, 9, 12], s_sockets, here), Is.EqualTo(expected));

    [Test]
    public void WithoutNodesCoresAreAsTheyWere() =>
        Assert.That(CoreOrder.NodeByNode([0, 3, 7], [], 3), Is.EqualTo(new[] { 0, 3, 7 }));

    [TestCase(1, 6, new[] { 0, 1, 2, 3, 8, 9 }, TestName = "The node of the thread"), TestCase(5, 4, new[] { 4, 5, 6, 12 })]
    [TestCase(5, 6, new[] { 0, 1, 2, 3, 8, 9 }, TestName = "Another, where that has too few"), TestCase(5, 7, new int[0])]
    public void FewWorkersKeepToANode(int here, int workers, int[] expected) => Assert.That(
        CoreOrder.OneNode([0, 1, 2, 3, 4, 5, 6, 8, 9, 12], s_sockets, here, workers, _ => 0), Is.EqualTo(expected));

    /// <summary>Two devices of half the cores each are on two nodes, from whatever thread they are opened.</summary>
    [Test]
    public void DevicesKeepToDifferentNodes()
    {
        NodeForAll Open() => NodeForAll.Of([.. Enumerable.Range(0, 16)], s_sockets, 1, 8)!;
        NodeForAll first = Open(), second = Open();
        Assert.That(first.Node, Is.EqualTo(s_sockets[0]));
        Assert.That(second.Node, Is.EqualTo(s_sockets[1]));
        first.Leave();
        NodeForAll third = Open();
        Assert.That(third.Node, Is.EqualTo(s_sockets[0]));
        second.Leave();
        third.Leave();
    }

    [Test]
    public void OneNodeTiesNobody() => Assert.That(CoreOrder.OneNode([0, 1, 4], s_sockets[..1], 0, 2, _ => 0), Is.Empty);

    /// <summary>As many last-level caches as workers fill.</summary>
    [TestCase(2, 36), TestCase(16, 36), TestCase(64, 144)]
    public void WorkersHaveTheLastLevelsOfTheirCores(int workers, int megabytes) =>
        Assert.That(CpuSpeeds.Of(new("", 1, 1, 36 << 20, 16), workers).LastLevel, Is.EqualTo((long)megabytes << 20));

    static CpuSpeeds Some => new(1, 2, 3)
    {
        RowCosts = [6.5, 5, 4, 3, 2, 1], SecondBandwidth = 0.1, LastBandwidth = 5, MemoryBandwidth = 6, ExchangeBandwidth = 7, Meeting = 8,
        Call = 1e9,
    };

    [Test]
    public void WhatWasMeasuredIsReadAgain()
    {
        string path = Path.Combine(folder, "new", "speeds.txt");
        SpeedFile.Write(path, Some);
        CpuSpeeds? read = SpeedFile.Read(path, Assert.Fail);
        Assert.That(read!.Numbers, Is.EqualTo(Some.Numbers));
        Assert.That(read.AreTuned);
    }

    [Test]
    public void NoFileIsNothingToTellOf() => Assert.That(SpeedFile.Read(Path.Combine(folder, "none"), Assert.Fail), Is.Null);

    [TestCase("", TestName = "Empty"), TestCase("gpurnn speeds 2", TestName = "Another version")]
    [TestCase("gpurnn speeds 1\nmeeting 8", TestName = "Numbers are missing")]
    [TestCase("call 1000000000|call nonsense", TestName = "No number"), TestCase("call 1000000000|call 0", TestName = "Zero")]
    [TestCase("call 1000000000|call NaN", TestName = "NaN"), TestCase("call 1000000000|call 1\ncall 2", TestName = "Twice")]
    [TestCase("call 1000000000|call -1", TestName = "Negative"), TestCase("call 1000000000|call 1 2", TestName = "Two numbers")]
    public void AnotherFileIsToldAndPassedOver(string text)
    {
        SpeedFile.Write(file, Some);
        string[] change = text.Split('|');
        string written = change.Length == 1 ? text : File.ReadAllText(file).Replace(change[0], change[1], StringComparison.Ordinal);
        Assert.That(written, Is.Not.EqualTo(File.ReadAllText(file)));
        File.WriteAllText(file, written);
        List<string> told = [];
        Assert.That(SpeedFile.Read(file, told.Add), Is.Null);
        Assert.That(told.Single(), Does.StartWith(file).And.Contain("gpurnn tune"));
    }

    [Test]
    public void AFolderThatCannotBeIsTold()
    {
        File.WriteAllText(file, "");
        Assert.That(() => SpeedFile.Write(Path.Combine(file, "speeds.txt"), Some),
            Throws.TypeOf<BadFileException>().With.Message.Contains("its folder cannot be made"));
    }

    /// <summary>`gpurnn tune` is gone by where it ran, by devices of as many workers, unless they are told not to.</summary>
    [Test, Platform("Linux")]
    public void TuneIsGoneBy()
    {
        Dictionary<string, string> there = new() { ["XDG_CACHE_HOME"] = folder };
        CommandResult tuned = CommandProcess.RunWith(there, "tune", "--json");
        Assert.That(tuned.Code, Is.Zero, tuned.Error);
        Assert.That(Directory.GetFiles(Path.Combine(folder, "gpurnn")).Single(), Does.EndWith("-bits.txt"));
        string[] bench = ["bench", "--device", "cpu", "--shape", "2,2,8,16", "--pass", "forward", "--json"];
        Assert.That(CommandProcess.RunWith(there, bench).Out, Does.Contain("\"tuned\": true"));
        Assert.That(CommandProcess.RunWith(there, [.. bench, "--untuned"]).Out, Does.Contain("\"tuned\": false"));
        CommandResult elsewhere = CommandProcess.RunWith(there, ["bench", "--device", "cpu:1", .. bench[3..]]);
        Assert.That(elsewhere.Out, Does.Contain("\"tuned\": false"));
    }
}
