using GpuRnn.Lecture.Tasks.Sentiment;

namespace GpuRnn.Lecture.Tests.Tasks.Sentiment;

/// <summary>
/// Reviews: what they are made of, and that their label is what they say, by a reader who knows the words and not the grammar.
/// </summary>
public class ReviewGrammarTests
{
    const int N = 10_000;
    static readonly Review[] brief = [.. Enumerable.Range(0, N).Select(i => ReviewGrammar.Draw(1, i, isLong: false))];
    static readonly Review[] longer = [.. Enumerable.Range(0, N).Select(i => ReviewGrammar.Draw(1, i, isLong: true))];
    static readonly Review[] all = [.. brief, .. longer];

    static readonly HashSet<string> praise =
    [
        .. ("good great wonderful brilliant charming clever moving superb fresh funny gripping lovely perfect touching witty rich "
            + "like love enjoy admire praise").Split(' '),
    ];
    static readonly HashSet<string> blame =
    [
        .. ("bad awful boring clumsy dull empty flat lazy messy painful poor silly stale terrible tired weak "
            + "hate regret forgive endure skip").Split(' '),
    ];
    static readonly HashSet<string> turns = [.. "not never hardly nothing little".Split(' ')];

    static bool IsSarcastic(string[] words) => string.Join(' ', words) is var text
        && new[] { "yeah right", "oh sure", "as if", "believe it or not" }.Any(s => text.StartsWith(s, StringComparison.Ordinal));

    /// <summary>
    /// The last word that judges, turned round by each negation since the last comma, full stop or "but", and by sarcasm at the
    /// beginning.
    /// </summary>
    static int Read(string[] words)
    {
        int last = Array.FindLastIndex(words, w => praise.Contains(w) || blame.Contains(w));
        bool good = praise.Contains(words[last]) != IsSarcastic(words);
        for (int i = last - 1; i >= 0 && words[i] is not ("," or "." or "but" or "yet"); i--)
            if (turns.Contains(words[i])) good = !good;
        return good ? 1 : 0;
    }

    [TestCase("there is nothing to like in this movie .", 0)]
    [TestCase("the plot is not bad .", 1)]
    [TestCase("yeah right , the plot is not bad .", 0)]
    [TestCase("the plot is great , but i did not love it . the room was not warm .", 0)]
    [TestCase("although the plot is great , there is little to hate in this movie .", 1)]
    public void TheReaderReadsHandWrittenReviews(string review, int label) => Assert.That(Read(review.Split(' ')), Is.EqualTo(label));

    [Test]
    public void LabelsAreWhatReviewsSay() =>
        Assert.That(all.Where(r => Read(r.Words) != r.Label).Select(r => string.Join(' ', r.Words)).Take(3), Is.Empty);

    /// <summary>Were it enough to count words, nothing would have to be remembered.</summary>
    [Test]
    public void CountingWordsIsNotEnough()
    {
        double Right(Review[] reviews) =>
            reviews.Average(r => (r.Words.Count(praise.Contains) - r.Words.Count(blame.Contains)) switch
            {
                > 0 => r.Label,
                < 0 => 1 - r.Label,
                _ => 0.5
            });
        Assert.That(Right(brief), Is.InRange(0.5, 0.7));
        Assert.That(Right(longer), Is.InRange(0.45, 0.65));
    }

    [Test]
    public void LengthsAreWithinTheirBounds()
    {
        Assert.That(brief.Select(r => r.Words.Length), Is.All.InRange(3, 40));
        Assert.That(longer.Select(r => r.Words.Length), Is.All.InRange(41, 100));
        Assert.That(brief.Max(r => r.Words.Length), Is.GreaterThan(35));
        Assert.That(longer.Max(r => r.Words.Length), Is.GreaterThan(80));
        Assert.That(all.SelectMany(r => r.Words).Where(w => w.Length == 0 || w.Any(char.IsWhiteSpace)), Is.Empty);
    }

    /// <summary>Half of the reviews are for the film, sarcastic or not, short or long: neither gives the verdict away.</summary>
    [Test]
    public void LabelsAreBalanced()
    {
        foreach (IGrouping<(bool, bool), Review> group in all.GroupBy(r => (IsSarcastic(r.Words), r.Words.Length > 40)))
            Assert.That(group.Average(r => r.Label), Is.EqualTo(0.5).Within(5 * 0.5 / Math.Sqrt(group.Count())), $"{group.Key}");
        Assert.That(brief.Count(r => IsSarcastic(r.Words)) / (double)N, Is.EqualTo(0.2).Within(0.05));
    }

    [Test]
    public void EveryWordIsUsed()
    {
        string[][] lists =
        [
            ReviewWords.Aspects, ReviewWords.Good, ReviewWords.Bad,
            ReviewWords.Degrees, ReviewWords.Negations,
            ReviewWords.Likes, ReviewWords.Dislikes, ReviewWords.Sarcasm,
            ReviewWords.Contrasts, ReviewWords.Concessions, ReviewWords.Fillers,
        ];
        string text = $" {string.Join(' ', all.SelectMany(r => r.Words))} ";
        Assert.That(lists.SelectMany(l => l).Where(phrase => !text.Contains($" {phrase} ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(ReviewWords.Good.Concat(ReviewWords.Likes), Is.EquivalentTo(praise));
        Assert.That(ReviewWords.Bad.Concat(ReviewWords.Dislikes), Is.EquivalentTo(blame));
        Assert.That(ReviewWords.Fillers.SelectMany(f => f.Split(' ')).Where(w => praise.Contains(w) || blame.Contains(w)), Is.Empty,
            "fillers judge nothing");
    }

    [Test]
    public void AReviewIsAFunctionOfSeedAndNumber()
    {
        for (int i = 990; i >= 0; i -= 99)
        {
            Assert.That(ReviewGrammar.Draw(1, i, false).Words, Is.EqualTo(brief[i].Words));
            Assert.That(ReviewGrammar.Draw(1, i, true).Words, Is.EqualTo(longer[i].Words));
        }
        Assert.That(Enumerable.Range(0, 1000).Count(i => ReviewGrammar.Draw(2, i, false).Words.SequenceEqual(brief[i].Words)),
            Is.LessThan(10));
    }
}
