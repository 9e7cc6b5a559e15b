using GpuRnn.Data;

namespace GpuRnn.Tests.Data;

/// <summary>Words and numbers there and back, and files that are no vocabulary.</summary>
public class WordVocabularyTests : FolderTests
{
    static readonly string[][] sentences = [["b", "a", "c", "b"], ["a", "b", "é", "Z"], ["<unk>", "</s>"]];

    [Test]
    public void FrequentWordsComeFirst() =>
        Assert.That(WordVocabulary.Of(sentences).Words, Is.EqualTo(new[] { "<pad>", "<unk>", "<s>", "</s>", "b", "a", "Z", "c", "é" }));

    [Test]
    public void RareWordsAndTheLastAreLeftOut()
    {
        Assert.That(WordVocabulary.Of(sentences, leastCount: 2).Words.Skip(4), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(WordVocabulary.Of(sentences, mostWords: 7).Words.Skip(4), Is.EqualTo(new[] { "b", "a", "Z" }));
        Assert.That(WordVocabulary.Of([], 1, 4).Size, Is.EqualTo(4));
        Assert.That(() => WordVocabulary.Of(sentences, 0), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => WordVocabulary.Of(sentences, 1, 3), Throws.TypeOf<BadArgumentException>());
    }

    [Test]
    public void WordsAreNumberedAndNamed()
    {
        WordVocabulary words = WordVocabulary.Of(sentences);
        Assert.That(words.Encode(["a", "new", "b"]), Is.EqualTo(new[] { 5, WordVocabulary.Unknown, 4 }));
        Assert.That(
            words.Decode([WordVocabulary.Begin, 5, WordVocabulary.Unknown, WordVocabulary.Pad, 4, WordVocabulary.End, 4]),
            Is.EqualTo(new[] { "a", "<unk>", "b" }));
        Assert.That((words.NumberOf("<pad>"), words.NumberOf("<unk>"), words.NumberOf("<s>"), words.NumberOf("</s>")),
            Is.EqualTo((0, 1, 2, 3)));
        Assert.That(words.ShareUnknown([["a", "new"], ["x", "b", "b"]]), Is.EqualTo(2.0 / 5));
        Assert.That(words.ShareUnknown([]), Is.Zero);
        Assert.That(() => words.Decode([9]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => words.Decode([-1]), Throws.TypeOf<BadArgumentException>());
    }

    [Test]
    public void AFileHasThemAll()
    {
        WordVocabulary words = WordVocabulary.Of(sentences);
        words.Save(file);
        Assert.That(WordVocabulary.Load(file).Words, Is.EqualTo(words.Words));
        Assert.That(File.ReadAllText(file), Does.Contain("\"é\"").And.Contain("\"<pad>\""));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"words": 3}""")]
    [TestCase("""{"words": ["a", "b"]}""")]
    [TestCase("""{"words": ["<pad>", "<unk>", "<s>"]}""")]
    [TestCase("""{"words": ["<pad>", "<unk>", "<s>", "</s>", "a", "a"]}""")]
    [TestCase("""{"words": ["<pad>", "<unk>", "<s>", "</s>", ""]}""")]
    [TestCase("""{"words": ["<pad>", "<unk>", "<s>", "</s>", 5]}""")]
    [TestCase("""{"words": ["<pad>", "<unk>", "<s>", "</s>", null]}""")]
    public void OtherFilesAreTold(string content)
    {
        File.WriteAllText(file, content);
        Assert.That(() => WordVocabulary.Load(file), Throws.TypeOf<BadFileException>().With.Message.StartsWith(
            $"'{file}' is no vocabulary: expected"));
    }

    [Test]
    public void MissingFilesAreTold() =>
        Assert.That(() => WordVocabulary.Load(file), Throws.TypeOf<BadFileException>().With.Message.Contains("cannot be read"));

    // Shares hold, and the portion of a text never changes.
    [Test]
    public void TextsAreSplitByTheirHash()
    {
        Split split = new(1, validation: 0.2, test: 0.1);
        Portion[] portions = [.. Enumerable.Range(0, 20_000).Select(i => split.Of($"text {i}"))];
        Assert.That(portions.Count(p => p == Portion.Test), Is.InRange(1830, 2170));
        Assert.That(portions.Count(p => p == Portion.Validation), Is.InRange(3770, 4230));
        Assert.That(Fnv("a"), Is.EqualTo(0xAF63DC4C8601EC8C), "as published");
        Assert.That(Enumerable.Range(0, 20_000).Select(i => split.Of(unchecked((long)Fnv($"text {i}")))), Is.EqualTo(portions));
        Assert.That(Enumerable.Range(0, 500).Count(i => split.Of($"text {i}") != new Split(2, 0.2, 0.1).Of($"text {i}")),
            Is.GreaterThan(100));
    }

    static ulong Fnv(string text) => text.Aggregate(14695981039346656037, (hash, unit) => unchecked((hash ^ unit) * 1099511628211));
}
