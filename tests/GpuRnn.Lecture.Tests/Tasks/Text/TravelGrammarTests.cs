using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Text;

namespace GpuRnn.Lecture.Tests.Tasks.Text;

/// <summary>
/// The grammar's text against what is claimed of it. Entropies and derivations are found here a second way: by parsing texts and by
/// writing all of them down, with nothing taken from the grammar but its tables.
/// </summary>
public class TravelGrammarTests
{
    const int Window = 60, Nearest = 20;
    static readonly TravelGrammar grammar = TravelGrammar.Default;
    static readonly string text = grammar.Generate(seed: 1, characters: 1_500_000);
    static readonly string[] sentences = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + '\n')];

    // The numbers that splitmix64.c prints for this seed.
    [Test]
    public void SplitMixGivesThePublishedNumbers()
    {
        SplitMix random = new(1234567);
        ulong[] numbers = [.. Enumerable.Range(0, 5).Select(_ => random.Next())];
        Assert.That(numbers, Is.EqualTo(new ulong[]
        {
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        }));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    public void DrawsBelowABoundAreUniform(int bound)
    {
        SplitMix random = new(5);
        int[] counts = new int[bound];
        for (int draw = 0; draw < 100 * bound; draw++)
            counts[random.Below(bound)]++;
        Assert.That(ChiSquare(counts, counts.Select(_ => 100.0)), Is.LessThan(Likely(bound - 1)));
    }

    [Test]
    public void NothingIsBelowZero() => Assert.That(() => new SplitMix(1).Below(0), Throws.TypeOf<BadArgumentException>());

    [Test]
    public void TheSeedDecidesTheText()
    {
        string once = grammar.Generate(3, 1000), again = grammar.Generate(3, 1000);
        Assert.That(again, Is.EqualTo(once));
        Assert.That(grammar.Generate(3, 1000), Is.Not.EqualTo(grammar.Generate(-3, 1000)));
        Assert.That(grammar.Generate(3, 1000), Does.StartWith(grammar.Generate(3, 500)));
    }

    // Results on this text can be compared only while it stays the same. The expected text came from a program in another language.
    [Test]
    public void TheTextOfASeedStaysTheSame() => Assert.That(grammar.Generate(7, 150), Is.EqualTo(
        "i grew up in spain. we danced, so i speak spanish.\n"
        + "i grew up in russia. the days were long. therefore i speak russian.\n"
        + "i grew up in france. we danced, so i speak french.\n"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(5000)]
    public void SentencesAreWholeAndNoMoreThanNeeded(int characters)
    {
        string generated = grammar.Generate(4, characters);
        int last = generated.TrimEnd('\n').LastIndexOf('\n') + 1;
        Assert.That(generated.Length, Is.GreaterThanOrEqualTo(characters));
        Assert.That(generated, characters == 0 ? Is.Empty : Does.EndWith("\n"));
        Assert.That(last, Is.EqualTo(0).Or.LessThan(characters));
    }

    [Test]
    public void LengthsAreNotNegative() => Assert.That(() => grammar.Generate(1, -1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void TheAlphabetIsWhatTheTextIsWrittenIn()
    {
        Assert.That(grammar.Alphabet, Is.EqualTo(string.Concat(text.Distinct().Order())));
        Assert.That(grammar.Alphabet, Does.Match("^\n ,\\.[a-z]+$"));
    }

    static string LanguageOf(string country) => TravelWords.Countries.Single(known => known.Name == country).Language;

    [Test]
    public void EverySentenceHasItsFarWordWithinTheWindow()
    {
        FarWord[] words = [.. grammar.FindFarWords(text)];
        Assert.That(words, Has.Length.EqualTo(sentences.Length));
        Assert.That(words.Select(word => word.Distance), Is.All.InRange(Nearest, Window));
        foreach (FarWord word in words)
        {
            ReadOnlySpan<char> before = text.AsSpan(0, word.Start - word.Distance);
            Assert.That(text.Substring(word.Start, word.Length), Is.EqualTo(LanguageOf(word.Country)));
            Assert.That(before.EndsWith(" in " + word.Country) || before.EndsWith(" from " + word.Country));
            Assert.That(text.Substring(word.Start + word.Length, 2), Is.EqualTo(".\n"));
        }
    }

    [Test]
    public void NoSentenceAtAllLeavesTheWindow()
    {
        int[] fillers = [.. All(TravelWords.Filler).Select(filler => filler.Text.Length)];
        int[] connectives = [.. All(TravelWords.Connective).Select(connective => connective.Text.Length)];
        Assert.That(". ".Length + fillers.Min() + connectives.Min(), Is.GreaterThanOrEqualTo(Nearest));
        Assert.That(". ".Length + fillers.Max() + connectives.Max(), Is.LessThanOrEqualTo(Window));
    }

    [Test]
    public void FarWordsOfCutSentencesArePassedOver()
    {
        string whole = "i grew up in france. it snowed, so i speak french.\n";
        for (int cut = 1; cut < whole.Length; cut++)
        {
            FarWord[] words = [.. grammar.FindFarWords(whole[cut..] + whole + whole[..^(cut + 1)])];
            Assert.That(words, Is.EqualTo(new[] { new FarWord(2 * whole.Length - cut - 8, 6, "france", 24) }), $"cut at {cut}");
        }
    }

    [Test]
    public void FarWordsMayBeWrong()
    {
        FarWord word = grammar.FindFarWords("i grew up in egypt. we ate, so i speak gernan.\n").Single();
        Assert.That(word, Is.EqualTo(new FarWord(39, 6, "egypt", 21)));
    }

    [Test]
    public void TheFirstLetterDecidesTheFarWord()
    {
        Assert.That(TravelWords.Countries.Select(country => country.Language[0]), Is.Unique);
        Assert.That(TravelWords.Countries.Select(country => country.Name), Is.Unique);
        Assert.That(grammar.Countries, Is.EqualTo(TravelWords.Countries.Length).And.AtLeast(8));
        Assert.That(grammar.ChanceAccuracy, Is.EqualTo(1.0 / grammar.Countries));
    }

    [Test]
    public void CountriesAreEquallyLikely()
    {
        int[] counts = [.. grammar.FindFarWords(text).CountBy(word => word.Country).Select(pair => pair.Value)];
        Assert.That(counts, Has.Length.EqualTo(grammar.Countries));
        Assert.That(ChiSquare(counts, counts.Select(_ => counts.Average())), Is.LessThan(Likely(grammar.Countries - 1)));
    }

    // Every way in which the words around the country could give it away: how far it is, and how what follows or precedes it begins.
    [Test]
    public void NothingButTheFarWordDependsOnTheCountry()
    {
        FarWord[] words = [.. grammar.FindFarWords(text)];
        AssertIndependent(words, word => word.Distance / 4);
        AssertIndependent(words, word => text.Substring(word.Start - word.Distance, 6));
        AssertIndependent(words, word => text.Substring(word.Start - 16, 16));
        AssertIndependent(words, word => text.Substring(word.Start - word.Distance - word.Country.Length - 6, 6));
    }

    // The same, exactly: with both names struck out, each country's sentences are the same texts with the same probabilities.
    [Test]
    public void SentencesOfAllCountriesAreTheSameButForTheNames()
    {
        foreach ((int _, Phrase branch) in TravelWords.Sentence.Options)
        {
            Phrase[] parts = ((Phrase.Series)branch).Parts;
            Phrase.Literal country = (Phrase.Literal)parts[1], language = (Phrase.Literal)parts[5];
            Assert.That(LanguageOf(country.Text), Is.EqualTo(language.Text));
            Assert.That(parts.Length, Is.EqualTo(7));
            foreach (int shared in (int[])[0, 2, 3, 4, 6])
                Assert.That(parts[shared], Is.EqualTo(((Phrase.Series)TravelWords.Sentence.Options[0].Phrase).Parts[shared]));
        }
        string[] names = [.. TravelWords.Countries.SelectMany(country => (string[])[country.Name, country.Language])];
        foreach ((string filler, double _) in All(TravelWords.Filler))
            Assert.That(names.Any(filler.Contains), Is.False, filler);
    }

    [Test]
    public void EveryTextHasOneDerivation()
    {
        string[] fillers = [.. All(TravelWords.Filler).Select(filler => filler.Text)];
        Assert.That(fillers.ToHashSet(), Has.Count.EqualTo(fillers.Length));
        foreach (string sentence in sentences)
            Assert.That(Derivations(sentence), Has.Length.EqualTo(1), sentence);
    }

    [Test]
    public void TheEntropyRateIsThatOfGeneratedText()
    {
        double[] nats = [.. sentences.Select(sentence => Derivations(sentence).Single())];
        double meanLength = sentences.Average(sentence => sentence.Length), rate = nats.Average() / meanLength;
        double error = Math.Sqrt(nats.Zip(sentences, (own, sentence) => Math.Pow(own - rate * sentence.Length, 2)).Average() / nats.Length)
            / meanLength;
        TestContext.Out.WriteLine($"{rate:f6} +- {error:f6} against {grammar.NatsPerCharacter:f6}, {sentences.Length} sentences");
        Assert.That(error, Is.LessThan(0.002 * rate));
        Assert.That(grammar.NatsPerCharacter, Is.EqualTo(rate).Within(4 * error));
    }

    [Test]
    public void TheEntropyRateIsThatOfAllSentences()
    {
        double nats = 0, length = 0, sum = 0;
        foreach ((string sentence, double probability) in All(TravelWords.Sentence))
        {
            nats -= probability * Math.Log(probability);
            length += probability * sentence.Length;
            sum += probability;
        }
        TestContext.Out.WriteLine($"{nats:f6} nats and {length:f6} characters per sentence, {grammar.Alphabet.Length} characters");
        Assert.That(sum, Is.EqualTo(1).Within(1e-9));
        Assert.That(grammar.NatsPerCharacter, Is.EqualTo(nats / length).Within(1e-9));
    }

    // "a" with 3/4, else "b" or "cc": (3/4) ln(4/3) + (1/4)(ln 4 + ln 2) nats; the length is 1 but for one "cc" in eight.
    [Test]
    public void EntropyAndLengthOfAPhraseAreThoseFoundByHand()
    {
        Phrase phrase = new Phrase.Series("-", new Phrase.Choice((3, "a"), (1, new Phrase.Choice((1, "b"), (1, "cc")))), "-");
        Assert.That(phrase.Nats, Is.EqualTo(0.75 * Math.Log(4.0 / 3) + 0.25 * Math.Log(8)).Within(1e-12));
        Assert.That(phrase.MeanLength, Is.EqualTo(3.125).Within(1e-12));
    }

    /// <summary>-ln of the probability of each derivation of a sentence.</summary>
    static double[] Derivations(string sentence) =>
        [.. Derivations(TravelWords.Sentence, sentence, 0).Where(found => found.End == sentence.Length).Select(found => found.Nats)];

    /// <summary>All ways to read a phrase at the start of a text's rest: where each ends, and -ln of its probability.</summary>
    static IEnumerable<(int End, double Nats)> Derivations(Phrase phrase, string text, int start) => phrase switch
    {
        Phrase.Literal literal => text.AsSpan(start).StartsWith(literal.Text) ? [(start + literal.Text.Length, 0.0)] : [],
        Phrase.Choice choice =>
            from option in choice.Options
            from found in Derivations(option.Phrase, text, start)
            select (found.End, found.Nats - Math.Log(Share(choice, option.Weight))),
        Phrase.Series series => series.Parts.Aggregate(
            (IEnumerable<(int End, double Nats)>)[(start, 0.0)],
            (before, part) =>
                from left in before
                from right in Derivations(part, text, left.End)
                select (right.End, left.Nats + right.Nats)),
        _ => throw new NotSupportedException(),
    };

    /// <summary>All texts of a phrase, one for each derivation, with their probabilities.</summary>
    static IEnumerable<(string Text, double Probability)> All(Phrase phrase) => phrase switch
    {
        Phrase.Literal literal => [(literal.Text, 1.0)],
        Phrase.Choice choice =>
            from option in choice.Options
            from each in All(option.Phrase)
            select (each.Text, each.Probability * Share(choice, option.Weight)),
        Phrase.Series series => series.Parts.Aggregate(
            (IEnumerable<(string Text, double Probability)>)[("", 1.0)],
            (before, part) =>
                from left in before
                from right in All(part)
                select (left.Text + right.Text, left.Probability * right.Probability)),
        _ => throw new NotSupportedException(),
    };

    static double Share(Phrase.Choice choice, int weight) => (double)weight / choice.Options.Sum(option => option.Weight);

    /// <summary>Tests that a trait of sentences is as frequent with each country as over all.</summary>
    static void AssertIndependent<T>(FarWord[] words, Func<FarWord, T> trait) where T : notnull
    {
        // Traits too rare for the chi-square distribution to hold are left out.
        var byTrait = words.GroupBy(trait).Where(same => same.Count() >= 10 * grammar.Countries).ToArray();
        int total = byTrait.Sum(same => same.Count());
        Dictionary<string, int> ofCountry = byTrait.SelectMany(same => same).CountBy(word => word.Country).ToDictionary();
        var cells = byTrait.SelectMany(same => ofCountry.Select(country => (
            Count: same.Count(word => word.Country == country.Key), Expected: (double)same.Count() * country.Value / total))).ToArray();
        Assert.That(byTrait, Has.Length.GreaterThan(1));
        Assert.That(ChiSquare(cells.Select(cell => cell.Count), cells.Select(cell => cell.Expected)),
            Is.LessThan(Likely((byTrait.Length - 1) * (ofCountry.Count - 1))));
    }

    static double ChiSquare(IEnumerable<int> counts, IEnumerable<double> expected) =>
        counts.Zip(expected, (count, mean) => (count - mean) * (count - mean) / mean).Sum();

    /// <summary>Four standard deviations above the mean of chi-square.</summary>
    static double Likely(int degreesOfFreedom) => degreesOfFreedom + 4 * Math.Sqrt(2.0 * degreesOfFreedom) + 1e-9;
}
