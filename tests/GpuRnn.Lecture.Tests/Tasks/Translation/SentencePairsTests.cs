using GpuRnn.Lecture.Tasks.Translation;

namespace GpuRnn.Lecture.Tests.Tasks.Translation;

/// <summary>Files of pairs: good ones, and each way to be bad.</summary>
public class SentencePairsTests : FolderTests
{
    [Test]
    public void PairsAreRead()
    {
        File.WriteAllText(file, "i  see it .\tje la vois .\r\n yes\t oui ");
        using SentencePairs pairs = SentencePairs.Read(file);
        Assert.That(
            Enumerable.Range(0, pairs.Count).Select(i => pairs[i]),
            Is.EqualTo(new SentencePair[] { new("i see it .", "je la vois ."), new("yes", "oui") }));
        Assert.That(pairs[0].TargetWords, Is.EqualTo(new[] { "je", "la", "vois", "." }));
    }

    [TestCase("a b", "has no tab")]
    [TestCase("", "has no tab")]
    [TestCase("a\tb\tc", "has 2 tabs")]
    [TestCase("\tb", "has nothing before the tab")]
    [TestCase("a\t  ", "has nothing after the tab")]
    public void BadLinesAreNamed(string line, string what)
    {
        File.WriteAllText(file, $"a\tb\n{line}\nc\td\n");
        string message = Assert.Throws<GpuRnnException>(() => SentencePairs.Read(file))!.Message;
        Assert.That(message, Is.EqualTo($"'{file}' line 2 {what}: expected a sentence, one tab and its translation."));
    }

    [Test]
    public void FilesThatCannotBeReadAreNamed()
    {
        Assert.That(() => SentencePairs.Read(file), Throws.TypeOf<BadFileException>().With.Message.Contains(file));
        File.WriteAllText(file, "");
        Assert.That(() => SentencePairs.Read(file), Throws.TypeOf<BadFileException>().With.Message.Contains("is empty"));
    }
}
