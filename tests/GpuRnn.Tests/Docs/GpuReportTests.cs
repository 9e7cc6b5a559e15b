using System.Text.Json.Nodes;
using GpuRnn.Bench.Tables;

namespace GpuRnn.Tests.Docs;

/// <summary>The table of bench/gpu/run's file: of a real rehearsal with PyTorch on a machine without a GPU, and of what may lack.</summary>
public class GpuReportTests
{
    static readonly string s_file = Path.Combine(Repository.Root, "tests", "GpuRnn.Tests", "Docs", "data", "gpu.json");
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    string Table(Action<JsonNode>? edit = null)
    {
        JsonNode file = JsonNode.Parse(File.ReadAllText(s_file))!;
        edit?.Invoke(file);
        File.WriteAllText(Path.Combine(folder, "gpu.json"), file.ToJsonString());
        return Sections.Named("gpu", "test").Text(new(folder));
    }

    [Test]
    public void AllOfARehearsalIsShown()
    {
        string[] lines = Table(file =>
        {
            JsonNode engine = file["engine"]![1]!, peer = file["peers"]![1]!;
            (engine["seconds"], engine["output_error"], engine["gradient_error"]) = (0.002, 1e-7, 3.14e-7);
            (peer["seconds"], peer["output_error"], peer["gradient_error"]) = (0.005, 2.5e-7, 1e-7);
        }).Split('\n');
        Assert.That(lines[0], Does.StartWith("AMD EPYC, 2 workers, 512-bit vectors, FMA peak ").And.EndWith("device cpu."));
        Assert.That(lines[0], Does.Contain("PyTorch 2.6.0"));
        Assert.That(lines[2], Does.StartWith("21 of 21 cases against plain loops passed, largest error ")
            .And.EndWith("; 7 device tests passed, 0 failed, 0 skipped; 10 runs of each pass made the same bits."));
        string[] table = [.. lines.Where(line => line.StartsWith('|'))];
        Assert.That(table, Has.Length.EqualTo(2 + 6), "three cells, forward and training");
        string[] columns = ["cell, T, B, I, H, pass", "gpurnn, ms (error)", "PyTorch fp32, ms (error)", "fp32 / gpurnn"];
        Assert.That(Cells(table[0]), Is.EqualTo(columns));
        Assert.That(Cells(table[3]), Is.EqualTo(new[] { "lstm, 3, 20, 8, 16, training", "2.00 (3.1e-7)", "5.00 (2.5e-7)", "2.50" }));
        Assert.That(table[2..].Select(Cells), Has.All.All.Not.Empty, "every row has its peer");
        Assert.That(lines[^1], Does.StartWith("|"), "nothing failed");
    }

    [Test]
    public void ModesStandSideBySide()
    {
        string table = Table(file =>
        {
            JsonArray peers = file["peers"]!.AsArray();
            foreach (string mode in new[] { "fp16", "tf32" })
            {
                JsonNode peer = peers[0]!.DeepClone();
                peer["mode"] = mode;
                peers.Add(peer);
            }
        });
        Assert.That(Cells(table.Split('\n').First(line => line.StartsWith('|')))[2..], Is.EqualTo(new[]
        {
            "PyTorch fp32, ms (error)", "PyTorch tf32, ms (error)", "PyTorch fp16, ms (error)",
            "fp32 / gpurnn", "tf32 / gpurnn", "fp16 / gpurnn",
        }));
    }

    static IEnumerable<TestCaseData> Failures()
    {
        yield return Case("no check", f => f["check"] = null, "not checked;");
        yield return Case("a failed case", f => f["check"]!["results"]![3]!["passed"] = false, "20 of 21 cases");
        yield return Case("no number", f => f["check"]!["results"]![3]!["error"] = "NaN", "largest error NaN");
        yield return Case("no tests", f => f["tests"] = null, "no device test ran");
        yield return Case("a failed test", f => f["tests"]!["failures"]!.AsArray().Add(JsonNode.Parse("""
            {"name":"A.B(c)","message":"Expected: 1\nBut was: 2"}
            """)), "- A.B(c): Expected: 1");
        yield return Case("other bits", f => f["engine"]![2]!["same_bits"] = false, "runs differ: gru 3, 20, 8, 16 forward.");
        yield return Case("no engine", f => f["engine"]!.AsArray().Clear(), "nothing was run twice");
        yield return Case("no PyTorch", f => { f["peers"]!.AsArray().Clear(); f["versions"] = null; }, "| lstm, 3, 20, 8, 16, forward");
        yield return Case("a peer without memory", f => f["peers"]![0] = JsonNode.Parse("""
            {"cell":"lstm","mode":"fp32","pass":"forward","t":3,"b":20,"i":8,"h":16,"failure":"no memory"}
            """), "- PyTorch fp32, lstm, 3, 20, 8, 16, forward: no memory");
        yield return Case("a slow step", f => f["steps"]![1]!["outcome"] = "over its time of 120 s", "- check: over its time of 120 s");
        yield return Case("a card", f => (f["machine"]!["card"], f["machine"]!["driver"]) = ("NVIDIA H100", "580.1"),
            "NVIDIA H100, driver 580.1");

        static TestCaseData Case(string name, Action<JsonNode> edit, string expected) =>
            new TestCaseData(edit, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Failures))]
    public void WhatFailedIsSaid(Action<JsonNode> edit, string expected) => Assert.That(Table(edit), Does.Contain(expected));

    [TestCase("steps"), TestCase("engine"), TestCase("commit")]
    public void AFileOfAnotherKindIsOneClearLine(string field)
    {
        GpuRnnException e = Assert.Throws<GpuRnnException>(() => Table(file => file.AsObject().Remove(field)))!;
        Assert.That(e.Message, Does.Contain("gpu.json is not such a file of results").And.Contain(field).And.Not.Contain("\n"));
    }

    static string[] Cells(string line) => line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
}
