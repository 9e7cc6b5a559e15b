using System.CommandLine;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuRnn.Cli.Commands;
using GpuRnn.Interop;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>
/// What `train` promises beyond equal bits, where both runs of a comparison could share a fault: what it takes, keeps, refuses and tells.
/// </summary>
[Category("Long")]
public class TrainPromisesTests : RunTests
{
    static IEnumerable<string> Tasks => TaskCatalog.Tasks.Select(t => t.Name);

    static Command CommandOf(string task) => TrainCommand.Create().Subcommands.Single(c => c.Name == task);

    string WriteStudents(string name, int changed = -1)
    {
        string path = Path.Combine(folder, name);
        string Row(int i) => $"{i % 20 + (i == changed ? 1 : 0)},{(i % 20 > 9 ? 1 : 0)}\n";
        File.WriteAllText(path, "hours,pass\n" + string.Concat(Enumerable.Range(0, 300).Select(Row)));
        return path;
    }

    /// <summary>All that shapes a run, each as it is not by default.</summary>
    static readonly string[] s_all =
    [
        "--cell", "gru", "--hidden", "6", "--layers", "2", "--batch", "12", "--accumulate", "2", "--optimizer", "nesterov", "--rate",
        "0.03125",
        "--schedule", "warm-up:3+step:7:0.5", "--horizon", "77", "--clip", "0.25", "--clip-norm", "infinity", "--clip-value", "0.125",
        "--dropout", "0.15",
        "--variational", "--weight-decay", "0.001", "--smoothing", "0.05", "--patience", "9", "--memory", "6", "--seed", "3",
    ];

    /// <summary>What is given beside: where to, how long, on what.</summary>
    static readonly string[] s_around = ["--data", "--out", "--overwrite", "--resume", "--steps", "--minutes", "--device", "--json"];

    static readonly string[] s_own =
    [
        "exam --students 310", "sentiment --reviews 120", "captions --pictures 110 --embedding 7 --attention dot --beam 2",
        "translation --pairs 130 --embedding 7 --attention dot --beam 2", "text --unroll 9", "jets --constituents 6 --jets 410",
    ];

    /// <summary>The report's command makes the run again, to the bit, from whatever options it was made with.</summary>
    [TestCaseSource(nameof(s_own)), Platform("Linux"), Category("Long")]
    public void TheCommandInTheReportMakesTheRunAgain(string own)
    {
        string[] words = own.Split(' '), given = [.. words[1..], .. s_all];
        Assert.That(CommandOf(words[0]).Options.Select(o => o.Name).Except(given).Except(s_around), Is.Empty,
            "options that this test does not know");
        CommandProcess.Good(["train", words[0], .. given, "--steps", "11", "--out", run, "--json"]);
        string command = ReportedCommand();
        for (int i = 0; i < given.Length; i++)
            Assert.That(command,
                Does.Contain(given[i].StartsWith("--", StringComparison.Ordinal) ? $" {given[i]}" : $" {given[i - 1]} {given[i]}"));
        AssertMakesItAgain(command);
    }

    [Test, Platform("Linux")]
    public void TheCommandInTheReportNamesDataWithSpacesAndQuotes()
    {
        string data = WriteStudents("it's my \"data\" $HOME.csv");
        CommandProcess.Good("train", "exam", "--data", data, "--hidden", "4", "--batch", "16", "--steps", "11", "--out", run, "--json");
        AssertMakesItAgain(ReportedCommand());
    }

    string ReportedCommand()
    {
        Match match = Regex.Match(File.ReadAllText(Path.Combine(run, "report.html")), "<pre class=\"command\">(.*)</pre>");
        return WebUtility.HtmlDecode(Regex.Replace(match.Groups[1].Value, "</?span>", ""));
    }

    void AssertMakesItAgain(string command)
    {
        string again = Path.Combine(folder, "again");
        Assert.That(command, Does.StartWith("gpurnn train "));
        using RunningCommand shell = new("sh", ["-c", $"dotnet {CommandProcess.Path}{command["gpurnn".Length..]} --json --out {again}"]);
        CommandResult r = shell.End(120_000);
        Assert.That(r.Code, Is.Zero, command + r.Error);
        foreach (string file in new[] { "training.safetensors", "model.safetensors" })
            Assert.That(File.ReadAllBytes(Path.Combine(again, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(run, file))), file);
    }

    /// <summary>A run that goes on is the same run: it takes how long and on what, and nothing that shapes it.</summary>
    [TestCaseSource(nameof(Tasks))]
    public void NothingThatShapesARunIsTakenWhenItGoesOn(string task)
    {
        string[] free = ["--resume", "--steps", "--minutes", "--device", "--json"];
        Option[] options = [.. CommandOf(task).Options.Where(o => !free.Contains(o.Name))];
        Assert.That(options, Has.Length.AtLeast(22));
        foreach (Option option in options)
        {
            string[] value = option.ValueType == typeof(bool) ? [] : option.ValueType == typeof(string) ? ["rnn"] : ["1"];
            ParseResult parsed = CommandOf(task).Parse(["--resume", run, option.Name, .. value]);
            Assert.That(parsed.Errors, Is.Empty, option.Name);
            Assert.That(() => parsed.Invoke(new() { EnableDefaultExceptionHandler = false }),
                Throws.TypeOf<GpuRnnException>().With.Message.Contains($"leave {option.Name} out"));
        }
    }

    [Test]
    public void ARunGoesOnWithItsOwnDataOnly()
    {
        string data = WriteStudents("students.csv");
        CommandProcess.Good("train", "exam", "--data", data, "--hidden", "4", "--batch", "16", "--steps", "10", "--out", run, "--json");
        WriteStudents("students.csv", changed: 150);
        Dictionary<string, byte[]> before = Directory.GetFiles(run).ToDictionary(f => f, File.ReadAllBytes);
        CommandProcess.Refused(["train", "exam", "--resume", run, "--steps", "20"], run, "other data");
        foreach ((string file, byte[] bytes) in before) Assert.That(File.ReadAllBytes(file), Is.EqualTo(bytes), file);
        WriteStudents("students.csv");
        CommandProcess.Good("train", "exam", "--resume", run, "--steps", "20", "--json");
    }

    static readonly string[] s_common =
    [
        "task", "data", "cell", "hidden", "layers", "batch", "seed", "optimizer", "rate", "schedule", "horizon", "options", "parameters",
        "device", "steps",
        "stopped_early", "seconds", "judging_seconds", "items", "curve",
    ];

    /// <summary>The names of metrics.json are what scripts read: none is renamed, lost or added unseen.</summary>
    [TestCase("exam --students 310", "items_per_second accuracy log_loss law_log_loss calibration_error")]
    [TestCase("sentiment --reviews 120", "items_per_second accuracy accuracy_long vocabulary unknown_words confusion")]
    [TestCase("captions --pictures 110", "items_per_second exact_match bleu4 beam")]
    [TestCase("translation --pairs 130",
        "items_per_second exact_match bleu4 exact_match_greedy bleu4_greedy beam brevity_penalty by_length attention_sentence")]
    [TestCase("text --unroll 9",
        "tokens_per_second test_nats_per_character validation_nats_per_character far_word_accuracy floor_nats_per_character "
        + "far_word_chance unroll vocabulary")]
    [TestCase("jets --jets 410",
        "items_per_second auc accuracy rejection_at_0_5 rejection_at_0_3 auc_error rejection_at_0_3_error rejection_at_0_5_error "
        + "auc_mass_cut auc_mass_cut_error rejection_at_0_5_mass_cut auc_n_subjettiness "
        + "auc_n_subjettiness_error rejection_at_0_5_n_subjettiness")]
    public void TheNamesOfMetricsAreThese(string task, string own)
    {
        string printed = CommandProcess.Good(
            ["train", .. task.Split(' '), "--hidden", "4", "--batch", "8", "--steps", "21", "--seed", "2", "--out", run, "--json"]);
        string written = File.ReadAllText(Path.Combine(run, "metrics.json"));
        Assert.That(printed.Trim(), Is.EqualTo(written.Trim()), "what is printed is what is written");
        using JsonDocument json = JsonDocument.Parse(written);
        Assert.That(json.RootElement.EnumerateObject().Select(p => p.Name), Is.EquivalentTo(s_common.Concat(own.Split(' '))));
        JsonElement first = json.RootElement.GetProperty("curve")[0], last = json.RootElement.GetProperty("curve")[1];
        Assert.That(first.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "step", "seconds", "training", "validation" }));
        Assert.That((first.GetProperty("step").GetInt32(), last.GetProperty("step").GetInt32()), Is.EqualTo((20, 21)));
        Assert.That(last.GetProperty("validation").GetDouble(), Is.Positive);
        string[] shown = ["task", "cell", "hidden", "batch", "seed", "steps", "stopped_early", "horizon"];
        string[] values = [.. shown.Select(name => json.RootElement.GetProperty(name).ToString())];
        TrainOptions defaults = TaskCatalog.Tasks.Single(t => t.Name == task.Split(' ')[0]).Defaults(false);
        using (SafetensorsFile model = SafetensorsFile.Open(Path.Combine(run, "model.safetensors")))
            Assert.That(json.RootElement.GetProperty("parameters").GetInt64(), Is.EqualTo(model.Tensors.Values.Sum(t => t.Length)));
        Assert.That(values, Is.EqualTo(new[] { task.Split(' ')[0], defaults.Cell, "4", "8", "2", "21", "False", $"{defaults.Horizon}" }));
    }

    /// <summary>Each option of `sample` has its effect, and ways to ask for the likeliest character agree.</summary>
    [Test]
    public void SamplesAreDrawnAsIsAsked()
    {
        string text = Path.Combine(folder, "text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 200).Select(i => $"to be or not to be {i * i % 97} times.\n")));
        CommandProcess.Good("train", "text", "--data", text, "--hidden", "8", "--batch", "4", "--unroll", "8", "--steps", "30", "--out",
            run);
        string Sample(params string[] how) => CommandProcess.Good(["sample", "--model", run, "--length", "60", .. how]);
        string plain = Sample(), likeliest = Sample("--temperature", "0");
        Assert.That(plain.TrimEnd('\n'), Has.Length.InRange(59, 60));
        Assert.That(Sample("--seed", "1"), Is.EqualTo(plain));
        foreach (string[] other
            in new string[][] { ["--seed", "2"], ["--temperature", "3"], ["--top-k", "2"], ["--top-p", "0.2"], ["--prompt", "to"] })
            Assert.That(Sample(other), Is.Not.EqualTo(plain), string.Join(' ', other));
        Assert.That(Sample("--top-k", "1", "--seed", "7"), Is.EqualTo(likeliest));
        Assert.That(Sample("--top-p", "1e-9", "--seed", "8"), Is.EqualTo(likeliest));
    }

    /// <summary>
    /// The schedule spans what is asked for, if that is more than its default; a run that ends early has the same schedule.
    /// </summary>
    [TestCase("--steps 5000", 5000), TestCase("--steps 20", 4000), TestCase("--steps 20 --horizon 30", 30),
        TestCase("--minutes 0.0001", 4000)]
    public void TheScheduleSpansItsHorizon(string length, int horizon)
    {
        string[] small = ["train", "exam", "--students", "200", "--hidden", "2", "--batch", "4", "--device", "cpu:1"];
        CommandProcess.Good([.. small, .. length.Split(' '), "--out", run, "--json"]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")));
        Assert.That(json.RootElement.GetProperty("horizon").GetInt32(), Is.EqualTo(horizon));
        if (length.StartsWith("--minutes", StringComparison.Ordinal))
            Assert.That(json.RootElement.GetProperty("steps").GetInt32(), Is.InRange(1, 3999));
    }

    /// <summary>What is judged on was neither trained on nor watched.</summary>
    [TestCase("exam --students 2000", "log_loss"), TestCase("text --unroll 9", "test_nats_per_character")]
    public void WhatIsJudgedIsNotWhatIsWatched(string task, string measure)
    {
        using JsonDocument json = JsonDocument.Parse(
            CommandProcess.Good(["train", .. task.Split(' '), "--hidden", "4", "--batch", "8", "--steps", "5", "--out", run, "--json"]));
        double watched = json.RootElement.GetProperty("curve").EnumerateArray().Last().GetProperty("validation").GetDouble();
        Assert.That(json.RootElement.GetProperty(measure).GetDouble(), Is.Not.EqualTo(watched).And.EqualTo(watched).Within(20).Percent);
    }
}
