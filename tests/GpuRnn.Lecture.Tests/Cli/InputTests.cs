using System.Diagnostics;
using System.Text;

namespace GpuRnn.Lecture.Tests.Cli;

/// <summary>
/// What comes in before the first check: paths that name no file, bytes that are no text, numbers near the ends of their types. One line
/// each.
/// </summary>
[Parallelizable]
public class InputTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    string In(string name) => Path.Combine(folder, name);

    /// <summary>What reads the file of a name: every task's data, and every command with a file.</summary>
    static readonly string[] s_readers =
    [
        "train text --data text.txt", "train exam --data students.csv", "train sentiment --data reviews.tsv",
        "train translation --data pairs.tsv",
        "train jets --data jets.csv", "train jets --data jets.h5", "train jets --data jets.parquet", "train captions --data .",
        "train text --resume .", "sample --model .", "lab gates --model .", "vocabulary words.txt", "check case.safetensors",
    ];

    /// <summary>The file that such a command reads.</summary>
    static string FileOf(string reader) => reader switch
    {
        "train captions --data ." => "captions.tsv",
        "train text --resume ." => "training.safetensors",
        "sample --model ." or "lab gates --model ." => "vocabulary.json",
        _ => reader.Split(' ')[^1],
    };

    void AssertRefused(string reader, params string[] expected) => CommandProcess.Refused(
        [.. reader.Split(' ')[..^1], reader.EndsWith('.') ? folder : In(FileOf(reader)), .. Output(reader)], [FileOf(reader), .. expected]);

    string[] Output(string reader) =>
        reader.StartsWith("sample", StringComparison.Ordinal) || reader.StartsWith("check", StringComparison.Ordinal)
        || reader.Contains("--resume", StringComparison.Ordinal) ? [] : ["--out", In("run")];

    /// <summary>Opening a pipe waits for a writer, which need not come.</summary>
    [TestCaseSource(nameof(s_readers)), Platform("Linux")]
    public void APipeIsTold(string reader)
    {
        using (Process make = Process.Start("mkfifo", [In(FileOf(reader))])) make.WaitForExit();
        AssertRefused(reader);
    }

    [Test, Platform("Linux")]
    public void APictureThatIsAPipeIsTold()
    {
        using (Process make = Process.Start("mkfifo", [In("a.png")])) make.WaitForExit();
        File.WriteAllText(In("captions.tsv"), "a.png\ta dog\n");
        CommandProcess.Refused(["train", "captions", "--data", folder, "--out", In("run")], "line 1", "a.png", "pipe");
    }

    [TestCaseSource(nameof(s_readers))]
    public void AFolderIsTold(string reader)
    {
        Directory.CreateDirectory(In(FileOf(reader)));
        AssertRefused(reader, "folder");
    }

    [TestCase("train exam --data"), TestCase("train jets --data"), TestCase("train text --resume"), TestCase("train exam --out")]
    [TestCase("vocabulary"), TestCase("sample --model"), TestCase("check"), TestCase("lab memory --out"), TestCase("train exam --device")]
    public void AnEmptyValueIsTold(string command) => CommandProcess.Refused([.. command.Split(' '), ""], "is empty");

    /// <summary>.NET makes every path from the working folder, and says of one that is gone what nobody understands.</summary>
    [TestCase("train exam --steps 2"), TestCase("vocabulary words.txt"), TestCase("check case.safetensors"), Platform("Linux")]
    public void AWorkingFolderThatIsGoneIsTold(string command)
    {
        string gone = Directory.CreateDirectory(In("gone")).FullName;
        using RunningCommand run = new("sh", ["-c", $"cd {gone} && rmdir {gone} && exec dotnet {CommandProcess.Path} {command}"]);
        CommandResult r = run.End(60_000);
        Assert.That(r.Code, Is.EqualTo(2), r.Error);
        Assert.That(r.Error, Does.StartWith("gpurnn: ").And.Contain("working folder"));
    }

    static readonly string[] s_texts =
        [.. s_readers.Where(r => FileOf(r).Split('.')[^1] is "txt" or "tsv" || r.Contains("exam", StringComparison.Ordinal))];

    [TestCaseSource(nameof(s_texts))]
    public void TextInTwoBytesALetterIsTold(string reader)
    {
        File.WriteAllBytes(In(FileOf(reader)), Encoding.Unicode.GetBytes(string.Concat(Enumerable.Repeat("good\tit was fine\n", 300))));
        AssertRefused(reader, "UTF-16");
    }

    [Test]
    public void ThousandsOfNulsAreNoText()
    {
        File.WriteAllBytes(In("text.txt"), new byte[5000]);
        AssertRefused("train text --data text.txt", "code 0");
    }

    [TestCase("1,2,1\n"), TestCase("7,3,yes\n"), TestCase("1.5,-2e3,0\n"), TestCase(",2,1\n"), TestCase("3,7,pass\n")]
    public void ATableWithoutAHeaderIsTold(string first)
    {
        File.WriteAllText(In("students.csv"), first + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},{i % 7},{i % 2}\n")));
        AssertRefused("train exam --data students.csv", "line 1", "header");
    }

    /// <summary>A file must not move the cursor or paint the terminal of who is told of it.</summary>
    [TestCase("hours,pass\n1,0\n<ESC>[31m2,1\n"), TestCase("hours,<ESC>]0;x<BEL>\n1,0\n2,3\n"), TestCase("hours,pass\n1,<CSI>2J\n")]
    public void ControlCharactersAreNotPrinted(string content)
    {
        // written out here: in the name of a test they would be lost on the way
        File.WriteAllText(In("students.csv"), content.Replace("<ESC>", "\u001b", StringComparison.Ordinal)
            .Replace("<BEL>", "\u0007", StringComparison.Ordinal).Replace("<CSI>", "\u009b", StringComparison.Ordinal));
        CommandResult r = CommandProcess.Run("train", "exam", "--data", In("students.csv"), "--out", In("run"));
        Assert.That(r.Code, Is.EqualTo(2));
        Assert.That((r.Out + r.Error).Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
        Assert.That(r.Error, Does.Contain("students.csv"));
    }

    /// <summary>Labels and words of a file that is trained on are printed too, in tables and samples.</summary>
    [Test]
    public void ControlCharactersOfDataAreNotPrintedEither()
    {
        File.WriteAllLines(In("reviews.tsv"),
            Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? "\u001b[1mgood\tit was fine" : "bad\tit was \u001b[31mawful"));
        string printed =
            CommandProcess.Good("train", "sentiment", "--data", In("reviews.tsv"), "--hidden", "4", "--steps", "2", "--out", In("run"));
        Assert.That(printed.Where(c => char.IsControl(c) && c is not ('\n' or '\r')), Is.Empty);
    }

    [TestCase("train text --unroll 2147483647", "--unroll is '2147483647'", "from 1 to")]
    [TestCase("train exam --hidden 2000000000", "--hidden is 2000000000", "from 1 to 65536")]
    [TestCase("train exam --hidden 99999999999", "--hidden", "whole number, at most 2147483647")]
    [TestCase("train exam --rate x", "--rate", "expected a number"),
        TestCase("train exam --rate 0,001", "--rate is '0,001'", "expected a number, such as 0.5")]
    [TestCase("train exam --rate 1e300", "--rate is 1E+300", "above 0 and at most")]
    [TestCase("train exam --clip -1", "--clip is -1", "from 0 to")]
    [TestCase("train exam --minutes 1e7", "--minutes is 10000000", "at most 1000000")]
    [TestCase("train exam --patience 2147483647", "--patience", "from 0 to")]
    [TestCase("train jets --constituents 16000000", "--constituents", "from 1 to 1000")]
    [TestCase("train exam --students 16777217", "--students", "from 100 to 16777216")]
    [TestCase("lab memory --batch 2000000000", "--batch", "from 1 to")]
    [TestCase("lab memory --distances 5,2000000000", "--distances is '5,2000000000'", "from 1 to 100000")]
    [TestCase("lab memory --rate 2000000000", "--rate", "at most")]
    [TestCase("lab gates --length 2147483647", "--length is '2147483647'", "from 100 to")]
    [TestCase("sample --model . --length 2147483647", "--length is 2147483647", "from 1 to")]
    [TestCase("vocabulary x --size 2147483647", "--size is 2147483647", "from 5 to")]
    [TestCase("bench --shape 16777216,16777216,1,1", "--shape", "at most")]
    [TestCase("bench --recompute -1", "--recompute is -1", "from 0 to")]
    [TestCase("train exam --hidden 60000 --layers 100", "GB", "60000")]
    public void ANumberOutOfRangeIsToldWithItsRange(string arguments, params string[] expected) =>
        CommandProcess.Refused([.. arguments.Split(' '),
            .. arguments.StartsWith("train", StringComparison.Ordinal) ? new[] { "--out", In("run") } : []],
            expected);

    /// <summary>A footer that is longer than its file, or whose list of columns claims to have two thousand million.</summary>
    [TestCase("15021900", 2_000_000_000), TestCase("15021900", -1), TestCase("1502", 2)]
    [TestCase("150219FCFFFFFFFF07", 9), TestCase("150219FCFFFFFFFF0F", 9)]
    public void AFalseFooterOfParquetIsTold(string footer, int length)
    {
        byte[] end = [.. Convert.FromHexString(footer), .. BitConverter.GetBytes(length), .. "PAR1"u8];
        File.WriteAllBytes(In("jets.parquet"), [.. "PAR1"u8, .. new byte[100], .. end]);
        AssertRefused("train jets --data jets.parquet", "Parquet");
    }
}
