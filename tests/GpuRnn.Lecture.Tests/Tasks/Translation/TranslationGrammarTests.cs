using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Translation;

namespace GpuRnn.Lecture.Tests.Tasks.Translation;

/// <summary>What is claimed of the grammar, held against a great many sentences and against translations made by hand.</summary>
public class TranslationGrammarTests
{
    static readonly SentencePair[] pairs = [.. TranslationGrammar.Generate(7, 200_000)];
    static readonly Dictionary<string, string> translations = pairs.DistinctBy(p => p.Source).ToDictionary(p => p.Source, p => p.Target);

    [TestCaseSource(typeof(HandPairs), nameof(HandPairs.All))]
    public void TranslationsAreThoseMadeByHand((string English, string French) pair)
    {
        Assert.That(translations, Does.ContainKey(pair.English));
        Assert.That(translations[pair.English], Is.EqualTo(pair.French));
    }

    [Test]
    public void NoSentenceHasTwoTranslations()
    {
        foreach (SentencePair pair in pairs.Concat(TranslationGrammar.Generate(8, 50_000)))
            if (translations.TryGetValue(pair.Source, out string? known)) Assert.That(pair.Target, Is.EqualTo(known), pair.Source);
    }

    [Test]
    public void TheSeedDecidesTheSentences()
    {
        Assert.That(TranslationGrammar.Generate(7, 100), Is.EqualTo(pairs.Take(100)));
        Assert.That(TranslationGrammar.Generate(-7, 100), Is.Not.EqualTo(pairs.Take(100)));
    }

    // Results can be compared only while the sentences of a seed stay the same.
    [Test]
    public void TheSentencesOfASeedStayTheSame() => Assert.That(TranslationGrammar.Generate(1, 2), Is.EqualTo(new SentencePair[]
    {
        new("she went to the station .", "elle est allée à la gare ."),
        new("his cakes are not small and they are big .", "ses gâteaux ne sont pas petits et ils sont grands ."),
    }));

    [Test]
    public void EveryWordOfTheTablesOccurs()
    {
        HashSet<string> english = [.. pairs.SelectMany(p => p.SourceWords)], french = [.. pairs.SelectMany(p => p.TargetWords)];
        Assert.That(english, Has.Count.EqualTo(104));
        Assert.That(french, Has.Count.EqualTo(150));
        Dictionary<string, string>[] tables =
            [FrenchRules.Nouns, FrenchRules.Before, FrenchRules.After, FrenchRules.Determiners, FrenchRules.Verbs];
        Assert.That(french, Is.SupersetOf(tables.SelectMany(table => table.Keys)));
    }

    [Test]
    public void LengthsAreWithinBounds()
    {
        Assert.That(pairs.Min(p => p.SourceWords.Length), Is.EqualTo(3));
        Assert.That(pairs.Max(p => p.SourceWords.Length), Is.EqualTo(TranslationGrammar.MostWords));
        Assert.That(pairs.Max(p => p.TargetWords.Length), Is.LessThanOrEqualTo(TranslationGrammar.MostFrenchWords));
        Assert.That(pairs.Average(p => p.SourceWords.Length), Is.InRange(9, 11));
        Assert.That(pairs.Count(p => p.SourceWords.Length != p.TargetWords.Length), Is.GreaterThan(pairs.Length / 2));
    }

    [TestCase(" ?", 0.19, 0.27)]
    [TestCase("hey siri , ", 0.03, 0.08)]
    [TestCase(" please ", 0.03, 0.08)]
    [TestCase(" not ", 0.15, 0.35)]
    [TestCase(" never ", 0.02, 0.06)]
    [TestCase(" it ", 0.05, 0.15)]
    [TestCase(" them ", 0.02, 0.06)]
    [TestCase(" that ", 0.02, 0.08)]
    [TestCase(" because ", 0.04, 0.1)]
    [TestCase(" going to ", 0.08, 0.2)]
    [TestCase(" 's ", 0.03, 0.09)]
    public void EveryConstructionHasItsShare(string part, double least, double most) =>
        Assert.That(pairs.Count(p => $" {p.Source} ".Contains(part)) / (double)pairs.Length, Is.InRange(least, most));

    /// <summary>
    /// One pattern's parts combine freely: SOMEBODY, a form of "see" or "buy", SOMETHING, SOMEWHERE. Besides, Chao's lower bound on the
    /// number of kinds, from those seen once and twice (A. Chao, Scandinavian Journal of Statistics 11, 1984), says how many are not
    /// rare.
    /// </summary>
    [Test]
    public void ThereAreMoreThanAMillionSentences()
    {
        NounPhrases nouns = new(new(new SplitMix(1)));
        int[] kinds = [Nouns.Animates.Length, Nouns.Things.Length];
        int subjects = Different(i => nouns.Simple(Nouns.Animates[i % kinds[0]], Determiners.Usual).English);
        int objects = Different(i => nouns.Simple(Nouns.Things[i % kinds[1]], Determiners.Usual).English),
            places = Different(_ => nouns.Place().English);
        int forms = new[] { Verbs.See, Verbs.Buy }.Sum(v => v.Modes.Distinct().Count() + 1); // one more: "often sees"
        Assert.That((subjects, objects, places, forms), Is.EqualTo((132, 544, 336, 13)));
        Assert.That((long)subjects * objects * places * forms, Is.GreaterThan(300_000_000));
        int[] counts = [.. pairs.CountBy(p => p.Source).Select(c => c.Value)];
        double once = counts.Count(c => c == 1), twice = counts.Count(c => c == 2), chao = counts.Length + once * once / (2 * twice);
        TestContext.Out.WriteLine($"{counts.Length} different ones of {pairs.Length}, at least {chao:n0} that are not rare");
        Assert.That(chao, Is.GreaterThan(1.5e6));
    }

    static int Different(Func<int, string> draw) => Enumerable.Range(0, 100_000).Select(draw).Distinct().Count();

    [Test]
    public void NoTestSentenceIsTrainedOn()
    {
        Split split = new(3);
        HashSet<string>[] portions =
        [
            .. Enum.GetValues<Portion>()
                .Select(p => TranslationGrammar.Generate(20 + (int)p, 5000, split, p).Select(s => s.Source).ToHashSet()),
        ];
        Assert.That(portions.Select(p => p.Count), Is.All.EqualTo(5000), "none twice");
        Assert.That(portions[0].Overlaps(portions[1]) || portions[0].Overlaps(portions[2]) || portions[1].Overlaps(portions[2]), Is.False);
        HashSet<string> trained = [.. portions[0].SelectMany(SentencePair.Words)];
        Assert.That(portions[2].SelectMany(SentencePair.Words).Where(w => !trained.Contains(w)), Is.Empty);
    }

    [Test]
    public void APortionWithoutSentencesIsTold() => Assert.That(
        () => TranslationGrammar.Generate(1, 1, new Split(1, validation: 0, test: 0), Portion.Test).Count(),
        Throws.TypeOf<GpuRnnException>().With.Message.Contains("gave 0 different sentences to the Test portion"));

    [TestCase("de le chien", "du chien")]
    [TestCase("de le homme", "de l' homme")]
    [TestCase("à le vieil hôtel", "au vieil hôtel")]
    [TestCase("à le hôtel", "à l' hôtel")]
    [TestCase("de les hommes", "des hommes")]
    [TestCase("je ne ai pas vu de enfants", "je n' ai pas vu d' enfants")]
    [TestCase("parce que elle la a", "parce qu' elle l' a")]
    public void NeighboursAreSpelt(string plain, string spelt) => Assert.That(FrenchSpelling.Spell(plain), Is.EqualTo(spelt));
}
