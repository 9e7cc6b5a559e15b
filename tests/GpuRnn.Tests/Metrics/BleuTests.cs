using GpuRnn.Metrics;

namespace GpuRnn.Tests.Metrics;

/// <summary>BLEU against the worked examples of the paper (Papineni et al. 2002, section 2) and against values found by hand.</summary>
public class BleuTests
{
    const string Example1 = "it is a guide to action which ensures that the military always obeys the commands of the party";
    const string Example2 = "it is to insure the troops forever hearing the activity guidebook that party direct";

    static readonly string[] references =
    [
        "it is a guide to action that ensures that the military will forever heed party commands",
        "it is the guiding principle which guarantees the military forces always being under the command of the party",
        "it is the practical guide for the army always to heed the directions of the party",
    ];

    [TestCase(Example1, 17, 18, 10, 17)]
    [TestCase(Example2, 8, 14, 1, 13)]
    public void PrecisionsAreThoseOfThePaper(string candidate, int ones, int allOnes, int twos, int allTwos)
    {
        Bleu bleu = Of([candidate], [references]);
        Assert.That(bleu.Precisions[0], Is.EqualTo((double)ones / allOnes).Within(1e-12));
        Assert.That(bleu.Precisions[1], Is.EqualTo((double)twos / allTwos).Within(1e-12));
    }

    // The paper's example 2: a word counts at most as often as one reference has it.
    [Test]
    public void CountsAreClipped() => Assert.That(
        Of(["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]]).Precisions[0],
            Is.EqualTo(2.0 / 7).Within(1e-12));

    // "in the", the paper's example 3: of the nearest reference's 16 words, 2 were said.
    [Test]
    public void ShortCandidatesArePenalised()
    {
        Bleu bleu = Of(["of the"], [references]);
        Assert.That(bleu.Precisions.Take(2), Is.EqualTo(new[] { 1.0, 1.0 }));
        Assert.That((bleu.CandidateLength, bleu.ReferenceLength), Is.EqualTo((2L, 16L)));
        Assert.That(bleu.BrevityPenalty, Is.EqualTo(Math.Exp(-7)).Within(1e-12));
    }

    // 5 of 6, 3 of 5, 2 of 4 and 1 of 3 runs, no penalty: (5/6 x 3/5 x 1/2 x 1/3)^(1/4) = (1/12)^(1/4).
    [Test]
    public void TheScoreIsTheGeometricMean() =>
        Assert.That(Of(["a b c d x e"], [["a b c d y e"]]).Score, Is.EqualTo(Math.Pow(1.0 / 12, 0.25)).Within(1e-12));

    // All runs are there; 5 words for 8.
    [Test]
    public void TheScoreHasThePenalty() =>
        Assert.That(Of(["a b c d e"], [["a b c d e f g h"]]).Score, Is.EqualTo(Math.Exp(1 - 8.0 / 5)).Within(1e-12));

    [TestCase("a b c d", "a b c d", 1)]
    [TestCase("a b c d e", "a b c d", 0.668740304976422)] // (4/5 x 3/4 x 2/3 x 1/2)^(1/4)
    [TestCase("a b c x", "a b c d", 0)] // no run of four
    [TestCase("x y z w", "a b c d", 0)]
    [TestCase("", "a b c d", 0)]
    [TestCase("a b c", "a b c", 0)] // too short to have a run of four
    public void ScoresAreThoseFoundByHand(string candidate, string reference, double score) =>
        Assert.That(Of([candidate], [[reference]]).Score, Is.EqualTo(score).Within(1e-12));

    // Runs and lengths are summed over the corpus first: 4 + 0 of 4 + 4 words, not the mean of 1 and 0.
    [Test]
    public void ACorpusIsOneText()
    {
        Bleu bleu = Of(["a b c d", "a b x d"], [["a b c d"], ["a b c d"]]);
        Assert.That(bleu.Precisions, Is.EqualTo(new[] { 7 / 8.0, 4 / 6.0, 2 / 4.0, 1 / 2.0 }).Within(1e-12));
        Assert.That(bleu.Score, Is.EqualTo(Math.Pow(7 / 8.0 * 4 / 6 * 2 / 4 / 2, 0.25)).Within(1e-12));
    }

    // Of references that are as near, the shorter one: 4, not 6, for 5.
    [Test]
    public void TheNearestReferenceCounts()
    {
        Assert.That(Of(["a b c d e"], [["a b c d e f", "a b c d"]]).ReferenceLength, Is.EqualTo(4));
        Assert.That(Of(["a b c d e"], [["a b c d e f", "a"]]).ReferenceLength, Is.EqualTo(6));
    }

    [Test]
    public void AnyTokensWillDo()
    {
        int[][] tokens = [[1, 2, 3, 4, 5]];
        Assert.That(Bleu.Of(tokens, tokens).Score, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void MissingReferencesAreRefused()
    {
        Assert.That(() => Of([], []), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => Of(["a"], []), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => Of(["a"], [[]]), Throws.TypeOf<BadArgumentException>());
    }

    static Bleu Of(string[] candidates, string[][] references) =>
        Bleu.Of([.. candidates.Select(Words)], [.. references.Select(r => (IReadOnlyList<IReadOnlyList<string>>)[.. r.Select(Words)])]);

    static IReadOnlyList<string> Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
