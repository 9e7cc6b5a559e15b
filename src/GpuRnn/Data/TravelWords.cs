using static GpuRnn.Data.Phrase;

namespace GpuRnn.Data;

/// <summary>
/// The words of <see cref="TravelGrammar"/> and their weights. The far word stays 20 to 60 characters away from its country because
/// no filler is shorter than 9 characters or longer than 36: whoever changes a word keeps that, and keeps the text unambiguous.
/// </summary>
static class TravelWords
{
    /// <summary>
    /// Countries and what is spoken there. Languages differ in their first letter: it decides the far word. Some languages do not begin
    /// like their country, so repeating a letter is not enough.
    /// </summary>
    public static readonly (string Name, string Language)[] Countries =
    [
        ("brazil", "portuguese"), ("denmark", "danish"), ("egypt", "arabic"), ("france", "french"), ("germany", "german"),
        ("italy", "italian"), ("japan", "japanese"), ("russia", "russian"), ("spain", "spanish"), ("turkey", "turkish"),
    ];

    /// <summary>What comes before the country.</summary>
    public static readonly Phrase Opening =
        new Choice((4, "i grew up in "), (3, "i was born in "), (2, "my home was in "), (1, "i come from "));

    /// <summary>What comes between the filler and the far word.</summary>
    public static readonly Phrase Connective =
        new Choice((3, ". therefore i speak "), (2, ", so i speak "), (1, ". that is why i speak "));

    static readonly Phrase Person = new Choice((3, "we"), (2, "my brother"), (2, "my aunt"), (1, "our cousin"));

    static readonly Phrase Adverb = new Choice((3, "often"), (2, "always"), (2, "never"), (1, "seldom"));

    static readonly Phrase Deed = new Choice(
        (4, "sang"), (3, "danced"), (3, "played"), (3, "walked"), (2, "waited"), (2, "slept"), (1, "jumped"), (1, "cooked"));

    static readonly Phrase Chore = new Choice(
        (4, "baked bread"), (3, "picked apples"), (3, "kept goats"), (2, "mended nets"), (2, "fixed the roof"), (1, "cut wood"));

    static readonly Phrase Time =
        new Choice((3, "in winter"), (3, "every summer"), (2, "on sundays"), (2, "at night"), (1, "in the rain"));

    static readonly Phrase Weather =
        new Choice((2, "it snowed"), (2, "it rained"), (1, "the days were long"), (1, "the wind was cold"));

    static readonly Phrase Place = new Series(
        new Choice((3, "by "), (2, "near "), (1, "past ")),
        new Choice((4, "the "), (2, "the old "), (1, "the big "), (1, "a small ")),
        new Choice((3, "mill"), (3, "lake"), (2, "barn"), (2, "pond"), (1, "oak"), (1, "well")));

    /// <summary>What comes between the country and the connective.</summary>
    public static readonly Phrase Filler = new Choice(
        (5, new Series(Person, " ", Deed, " ", Place)),
        (3, new Series("we ", Adverb, " ", Deed, " ", Place)),
        (3, new Series(Person, " ", Chore, " and ", Deed)),
        (3, new Series(Time, ", we ", Chore)),
        (2, new Series(Weather, " and we ", Deed)),
        (1, Weather));

    /// <summary>
    /// A whole sentence. Each country has its own branch; all branches share everything but the country and its language, which is
    /// what keeps the far word a matter of the country alone.
    /// </summary>
    public static readonly Choice Sentence = new([.. Countries.Select(country => (1, (Phrase)new Series(
        Opening, country.Name, ". ", Filler, Connective, country.Language, ".\n")))]);
}
