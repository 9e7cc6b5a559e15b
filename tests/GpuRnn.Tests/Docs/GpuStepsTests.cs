using System.Diagnostics;
using System.Text.Json.Nodes;
using GpuRnn.Bench.Tables;

namespace GpuRnn.Tests.Docs;

/// <summary>What bench/gpu/steps.py makes of programs that do not do as they should: scripts in the place of the kit's programs.</summary>
[Platform("Linux"), System.Runtime.Versioning.SupportedOSPlatform("linux")]
[Parallelizable]
public class GpuStepsTests
{
    const string Good = """
        case $1 in
          devices) echo '[]' ;;
          check) echo '{"passed":true,"results":[{"cell":"lstm","passed":true,"error":1e-7,"tensors":[]}]}' ;;
          bench) echo '[{"cell":"lstm","pass":"forward","t":3,"b":20,"i":8,"h":16,"device":"cpu","seconds":1,"gflops":1,"peak_gflops":2,
                         "share":0.5,"share_min":0.4,"share_max":0.6,"strategy":"HiddenOwned",
                         "output_error":1e-7,"runs":10,"same_bits":true}]' ;;
        esac
        """;

    const string Tests = """
        while [ $# -gt 0 ]; do [ "$1" = --results-directory ] && folder=$2; shift; done
        echo '<test-run><test-case fullname="A.B" result="Passed"/>
              <test-case fullname="A.C" result="Failed"><failure><message>no</message></failure></test-case></test-run>' >"$folder/t.xml"
        exit 2
        """;

    string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-kit-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    [Test]
    public void AFailedStepIsRecordedAndStopsNothing()
    {
        JsonNode result = Run(Good.Replace("check) ", "check) echo lost >&2; exit 3; "), Tests, seconds: 60);
        Assert.That(Outcome(result, "devices"), Is.EqualTo("ok"));
        Assert.That(Outcome(result, "check"), Is.EqualTo("failed with code 3: lost"));
        Assert.That(Outcome(result, "engine rnn"), Is.EqualTo("ok"));
        Assert.That(result["check"], Is.Null);
        Assert.That(result["engine"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That(result["tests"]!["failures"]![0]!["name"]!.GetValue<string>(), Is.EqualTo("A.C"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "out", "gpu.log")), Does.Contain("== check: ").And.Contain("lost"));
        string output = Path.Combine(folder, "out");
        Assert.That(Directory.GetFiles(output).Select(Path.GetFileName), Is.EquivalentTo(new[] { "gpu.json", "gpu.log" }));
        Assert.That(Sections.Named("gpu", "test").Text(new(output)), Does.Contain("- A.C: no").And.Contain("1 failed"));
    }

    [Test]
    public void AStepThatHangsIsEndedWithItsChildren()
    {
        string child = Path.Combine(folder, "child");
        Stopwatch watch = Stopwatch.StartNew();
        JsonNode result = Run(Good.Replace("check) ", $"check) (sleep 5; touch {child}) & sleep 100; "), Tests, seconds: 3);
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(60));
        Assert.That(Outcome(result, "check"), Does.StartWith("over its time of "));
        Assert.That(Outcome(result, "tests"), Is.EqualTo("no time left"));
        Assert.That(() => File.Exists(child), Is.False.After(6000));
    }

    [Test]
    public void WhatCannotBeReadIsAFailure()
    {
        JsonNode result = Run(Good.Replace("echo '[]'", "echo '[}'"), "exit 0", seconds: 60);
        Assert.That(Outcome(result, "devices"), Does.StartWith("failed: wrote what cannot be read"));
        Assert.That(Outcome(result, "tests"), Does.StartWith("failed: wrote what cannot be read"));
        Assert.That(result["devices"]!.AsArray(), Is.Empty);
    }

    static string Outcome(JsonNode result, string step) =>
        result["steps"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == step)!["outcome"]!.GetValue<string>();

    /// <summary>Runs the steps with these programs; gives gpu.json.</summary>
    JsonNode Run(string gpurnn, string tests, int seconds)
    {
        foreach ((string name, string text) in new[] { ("gpurnn", gpurnn), ("GpuRnn.Tests", tests) })
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, "#!/bin/sh\n" + text);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        string work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
        string output = Directory.CreateDirectory(Path.Combine(folder, "out")).FullName;
        ProcessStartInfo start = new("python3", [Path.Combine(Repository.Root, "bench", "gpu", "steps.py"), folder, output, work])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        (start.Environment["DEVICE"], start.Environment["QUICK"], start.Environment["SECONDS_IN_ALL"]) = ("cpu", "1", $"{seconds}");
        try
        {
            using Process python = Process.Start(start)!;
            Task<string> said = python.StandardError.ReadToEndAsync();
            python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            Assert.That(python.ExitCode, Is.Zero, said.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no python3 here.");
        }
        return JsonNode.Parse(File.ReadAllText(Path.Combine(output, "gpu.json")))!;
    }
}
