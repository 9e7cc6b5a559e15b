using System.Text;
using System.Text.RegularExpressions;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>
/// An endless supply of English-like text with one far dependency in each sentence, and with an entropy rate that is known exactly:
/// "i grew up in france. we sang. therefore i speak french.\n". The language, the far word, follows from the country
/// and from nothing else; what comes in between is drawn independently of the country.
/// </summary>
/// <remarks>
/// <para>
/// 20 to 60 characters lie between the last letter of the country and the first letter of the far word; they are the full stop after
/// the country, the filler and the connective ("therefore i speak "), with all spaces and commas.
/// </para>
/// <para>
/// Sentences are independent and each ends with the only line feed in it. Every text can be derived in one way only, so the text has
/// the entropy of the choices behind it. No model that predicts one character after the other can, on average over long texts, lose
/// less than <see cref="NatsPerCharacter"/>; one that forgets the country loses at least ln(<see cref="Countries"/>) nats more per
/// sentence.
/// </para>
/// </remarks>
public sealed class TravelGrammar
{
    readonly Regex sentence = new(
        $@"^(?:{AnyOf(TravelWords.Opening.Literals)})(?<country>{AnyOf(TravelWords.Countries.Select(country => country.Name))})\. "
        + $@".*(?:{AnyOf(TravelWords.Connective.Literals)})(?<far>[a-z]+)\.$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    TravelGrammar()
    {
        Alphabet = string.Concat(TravelWords.Sentence.Literals.SelectMany(literal => literal).Distinct().Order());
        Countries = TravelWords.Countries.Length;
        // Renewal-reward theorem: sentences are independent and alike, so the rate is a ratio of means, not a mean of ratios.
        NatsPerCharacter = TravelWords.Sentence.Nats / TravelWords.Sentence.MeanLength;
    }

    /// <summary>The grammar.</summary>
    public static TravelGrammar Default { get; } = new();

    /// <summary>All characters that occur, in ascending order: lower-case letters, space, comma, full stop and line feed.</summary>
    public string Alphabet { get; }

    /// <summary>Number of countries, and of languages.</summary>
    public int Countries { get; }

    /// <summary>The entropy rate: entropy of a sentence over its mean length.</summary>
    public double NatsPerCharacter { get; }

    /// <summary>
    /// The share of far words that a model without memory of the country gets right at best. It holds for the first letter, which decides
    /// the word because no two languages begin alike, and for the whole word (each of its letters predicted from the true ones before).
    /// </summary>
    public double ChanceAccuracy => 1.0 / Countries;

    /// <summary>Whole sentences, as many as it takes to reach a length. The same on every platform.</summary>
    /// <param name="seed">Which text.</param>
    /// <param name="characters">The least number of characters.</param>
    public string Generate(int seed, int characters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(characters);
        SplitMix random = new(unchecked((ulong)seed));
        StringBuilder text = new();
        while (text.Length < characters)
            TravelWords.Sentence.Write(text, random);
        return text.ToString();
    }

    /// <summary>
    /// Finds the far words of all whole sentences, in order. Parts of sentences, such as those at the ends of a cut text, are passed over.
    /// </summary>
    /// <param name="text">Text of this grammar, or of a model of it: the far word may then be any word.</param>
    public IEnumerable<FarWord> FindFarWords(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return sentence.Matches(text).Select(match =>
        {
            Group country = match.Groups["country"], far = match.Groups["far"];
            return new FarWord(far.Index, far.Length, country.Value, far.Index - country.Index - country.Length);
        });
    }

    static string AnyOf(IEnumerable<string> words) => string.Join('|', words.Select(Regex.Escape));
}

/// <summary>Where in a text a word stands that a distant country decides.</summary>
/// <param name="Start">Index of its first letter.</param>
/// <param name="Length">Number of its letters.</param>
/// <param name="Country">The country that decides it.</param>
/// <param name="Distance">Number of characters between the last letter of the country and the first letter of the word.</param>
public readonly record struct FarWord(int Start, int Length, string Country, int Distance);
