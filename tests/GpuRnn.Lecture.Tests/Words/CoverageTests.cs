using GpuRnn.Data;
using GpuRnn.Lecture.Words;

namespace GpuRnn.Lecture.Tests.Words;

/// <summary>Counts and shares of texts that can be worked by hand.</summary>
public class CoverageTests : FolderTests
{
    TextWords Of(string text, out TextLines lines)
    {
        File.WriteAllText(file, text);
        lines = TextLines.Open(file);
        return TextWords.Count(lines, _ => { }, CancellationToken.None);
    }

    [Test]
    public void CharactersAndWordsAreCounted()
    {
        TextWords words = Of("A cat, a 🚀.\r\n\r\nCat\n", out TextLines lines);
        using (lines)
        {
            Assert.That(words.Counts,
                Is.EquivalentTo(new Dictionary<string, long> { ["a"] = 2, ["cat"] = 2, [","] = 1, ["🚀"] = 1, ["."] = 1 }));
            Assert.That(words.Total, Is.EqualTo(7));
            Assert.That(words.Characters.Values.Sum(), Is.EqualTo("A cat, a 🚀.".Length - 1 + 3), "a rocket is one, line ends are none");
            Assert.That(words.Characters, Has.Count.EqualTo("Aat, c🚀.C".Length - 1));
            Assert.That(words.InOrder(), Is.EqualTo(new[] { "a", "cat", ",", "a", "🚀", ".", "cat" }));
        }
    }

    /// <summary>Ten words: a a a a b b c d d e; the last, e, has not been seen, and of nine a has four, b and d two, c one.</summary>
    [Test]
    public void SharesAreThoseWorkedByHand()
    {
        TextWords words = Of("a b a\nc d a b a d e", out TextLines lines);
        using (lines)
        {
            Coverage itself = Coverage.OfItself(words), last = Coverage.OfLastTenth(words);
            Assert.That(Enumerable.Range(4, 7).Select(itself.At), Is.EqualTo(new[] { 0, 0.4, 0.6, 0.8, 0.9, 1, 1 }).Within(1e-12));
            Assert.That((itself.Largest, itself.At(0), itself.At(int.MaxValue)), Is.EqualTo((9, 0.0, 1.0)));
            Assert.That(Enumerable.Range(4, 5).Select(last.At), Is.All.Zero, "e is unknown");
        }
    }

    /// <summary>Twenty words; the last two are b and x. Of the first eighteen, a comes before b.</summary>
    [Test]
    public void TheLastTenthIsReadByWordsOfTheRest()
    {
        TextWords words =
            Of(string.Join(' ', Enumerable.Repeat("a", 10).Concat(Enumerable.Repeat("b", 8)).Concat(["b", "x"])), out TextLines lines);
        using (lines)
        {
            Coverage last = Coverage.OfLastTenth(words);
            Assert.That((last.At(5), last.At(6), last.At(100)), Is.EqualTo((0.0, 0.5, 0.5)));
        }
    }

    [TestCase("one", 1), TestCase("one two", 1)]
    public void ShortTextsHaveALastTenthToo(string text, int expected)
    {
        TextWords words = Of(text, out TextLines lines);
        using (lines)
        {
            Assert.That(words.Total - words.First, Is.EqualTo(expected));
            Assert.That(Coverage.OfLastTenth(words).At(100), Is.Zero);
        }
    }

    [Test]
    public void ATextWithoutWordsIsTold()
    {
        TextLines? lines = null;
        Assert.That(() => Of(" \n\t\n", out lines), Throws.TypeOf<GpuRnnException>().With.Message.EqualTo($"'{file}' has no words."));
        lines?.Dispose();
    }
}
