using GpuRnn.Lecture.Tasks.Sentiment;

namespace GpuRnn.Lecture.Tests.Tasks.Sentiment;

/// <summary>Text as tokens, by hand.</summary>
public class TokensTests
{
    [TestCase("", "")]
    [TestCase(" \t\r\n ", "")]
    [TestCase("The plot isn't bad.", "the|plot|isn't|bad|.")]
    [TestCase("It’s ÉTÉ!", "it’s|été|!")]
    [TestCase("'quoted' rock'n'roll dogs'", "'|quoted|'|rock'n'roll|dogs|'")]
    [TestCase("9/10 -- 3.5 stars", "9|/|10|-|-|3|.|5|stars")]
    [TestCase("well...(sigh),no", "well|.|.|.|(|sigh|)|,|no")]
    [TestCase("漢字, 🚀 e\u0301te", "漢字|,|🚀|e\u0301te")]
    [TestCase("a\u00A0b<br />c", "a|b|<|br|/|>|c")]
    public void TokensAreWordsAndMarks(string text, string expected) =>
        Assert.That(Tokens.Of(text), Is.EqualTo(expected.Length == 0 ? [] : expected.Split('|')));
}
