using System.Text;
using GpuRnn.Data;

namespace GpuRnn.Tests.Data;

/// <summary>Lines of files of all shapes, beside what was written.</summary>
public class TextLinesTests : FolderTests
{
    string[] Read(byte[] bytes)
    {
        File.WriteAllBytes(file, bytes);
        using TextLines lines = TextLines.Open(file);
        return [.. Enumerable.Range(0, lines.Count).Select(i => lines[i])];
    }

    [TestCase("a\nb\n", new[] { "a", "b" }, TestName = "line feeds")]
    [TestCase("a\nb", new[] { "a", "b" }, TestName = "no final line feed")]
    [TestCase("a\r\nb\r\n", new[] { "a", "b" }, TestName = "carriage returns")]
    [TestCase("a\r\r\nb\r\nc\rd", new[] { "a\r", "b", "c\rd" }, TestName = "carriage returns of the text's own")]
    [TestCase("\n\na\n\n", new[] { "", "", "a", "" }, TestName = "empty lines")]
    [TestCase("\n", new[] { "" }, TestName = "nothing but a line feed")]
    [TestCase("\uFEFFa\n\uFEFFb", new[] { "a", "\uFEFFb" }, TestName = "a mark at the beginning, and one elsewhere")]
    [TestCase("\uFEFF\r\na", new[] { "", "a" }, TestName = "a mark alone on its line")]
    [TestCase("é\n漢字\n🚀 \t", new[] { "é", "漢字", "🚀 \t" }, TestName = "more than ASCII")]
    public void LinesAreThoseOfTheFile(string text, string[] expected) =>
        Assert.That(Read(Encoding.UTF8.GetBytes(text)), Is.EqualTo(expected));

    /// <summary>Lines of up to three times the buffer of 64 KiB, of letters of one to four bytes: every kind of cut at a border.</summary>
    [Test]
    public void BordersOfTheBufferAreNoBordersOfLines()
    {
        SplitMix random = new(1);
        string[] letters = ["a", "é", "漢", "🚀"];
        string[] written =
        [
            .. Enumerable.Range(0, 120)
                .Select(i => string.Concat(
                    Enumerable.Range(0, random.Below(i % 10 == 0 ? 80_000 : 900))
                        .Select(_ => letters[random.Below(4)])))
        ];
        Assert.That(written.Any(l => Encoding.UTF8.GetByteCount(l) > 3 << 16));
        Assert.That(Read(Encoding.UTF8.GetBytes(string.Join("\r\n", written))), Is.EqualTo(written));
    }

    [Test]
    public void SeveralThreadsMayAsk()
    {
        string[] written = [.. Enumerable.Range(0, 5000).Select(i => $"line {i} {new string((char)('a' + i % 26), i % 300)}")];
        File.WriteAllLines(file, written);
        using TextLines lines = TextLines.Open(file);
        int wrong = 0;
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, thread =>
        {
            SplitMix random = new((ulong)thread);
            for (int i = 0; i < 5000; i++)
                if (random.Below(lines.Count) is var at && lines[at] != written[at]) Interlocked.Increment(ref wrong);
        });
        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void BytesAreCountedWithoutReading()
    {
        File.WriteAllText(file, "\uFEFFé\r\nab\nc");
        using TextLines lines = TextLines.Open(file);
        Assert.That(Enumerable.Range(0, 3).Select(lines.BytesOf), Is.EqualTo(new[] { 4, 3, 1 }));
    }

    static string Complaint(string path) => Assert.Throws<BadFileException>(() => TextLines.Open(path).Dispose())!.Message;

    [TestCase(""), TestCase("\uFEFF")]
    public void EmptyFilesAreTold(string text)
    {
        File.WriteAllText(file, text);
        Assert.That(Complaint(file), Is.EqualTo($"'{file}' is empty."));
    }

    /// <summary>
    /// A wrong byte, half a letter at the end of a line, half a letter at the end of the file, and a letter that a border would cut.
    /// </summary>
    [TestCase(0, "\u00FF"), TestCase(1, "\u00C3"), TestCase(2, "\u00E6\u00BC"), TestCase(2999, "\u00F0\u009F")]
    public void TheLineThatIsNotUtf8IsNamed(int line, string latin)
    {
        byte[][] lines = [.. Enumerable.Range(0, 3000).Select(i => Encoding.UTF8.GetBytes($"{i} 漢字漢字漢字漢字漢字漢字"))];
        lines[line] = [.. lines[line], .. Encoding.Latin1.GetBytes(latin)];
        File.WriteAllBytes(file, [.. lines.SelectMany((l, i) => i == 2999 ? l : [.. l, (byte)'\n'])]);
        Assert.That(Complaint(file), Does.StartWith($"'{file}' line {line + 1} is not UTF-8"));
    }

    [TestCase(0), TestCase(1)]
    public void ALineOfMoreThan16MebibytesIsTold(int more)
    {
        File.WriteAllBytes(file, [.. "short\n"u8, .. Enumerable.Repeat((byte)'a', (1 << 24) + more), .. "\nshort"u8]);
        if (more > 0) Assert.That(Complaint(file), Does.StartWith($"'{file}' line 2 is longer than 16 MiB"));
        else Assert.DoesNotThrow(() => TextLines.Open(file).Dispose());
    }

    [Test]
    public void MissingFilesAndFoldersAreTold()
    {
        Assert.That(Complaint(file), Does.StartWith($"'{file}' cannot be read: "));
        Assert.That(Complaint(folder), Does.StartWith($"'{folder}' cannot be read: "));
    }
}
