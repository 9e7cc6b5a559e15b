using static GpuRnn.Lecture.Tasks.Text.Phrase;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>
/// The words of <see cref="TravelGrammar"/> and their weights. The far word stays 20 to 60 characters away from its country because
/// no filler is shorter than 5 characters or longer than 38: whoever changes a word keeps that, and keeps the text unambiguous.
/// </summary>
static class TravelWords
{
    /// <summary>
    /// Countries and what is spoken there. Languages differ in their first letter: it decides the far word. Some languages do not begin
    /// like their country, so repeating a letter is not enough.
    /// </summary>
    public static readonly (string Name, string Language)[] Countries =
    [
        ("brazil", "portuguese"), ("denmark", "danish"), ("egypt", "arabic"), ("france", "french"),
        ("germany", "german"), ("italy", "italian"), ("russia", "russian"), ("spain", "spanish"),
    ];

    /// <summary>What comes before the country.</summary>
    public static readonly Phrase Opening = new Choice((2, "i grew up in "), (1, "i was born in "));

    /// <summary>What comes between the filler and the far word.</summary>
    public static readonly Phrase Connective = new Choice((2, ", so i speak "), (1, ". therefore i speak "));

    static readonly Phrase Person = new Choice((2, "we"), (1, "my aunt"));

    static readonly Phrase Deed = new Choice((2, "sang"), (1, "danced"), (1, "played"));

    /// <summary>What comes between the country and the connective.</summary>
    public static readonly Phrase Filler = new Choice(
        (4, new Series(Person, " ", Deed)),
        (1, "it rained"),
        (1, "the days were long"));

    /// <summary>
    /// A whole sentence. Each country has its own branch; all branches share everything but the country and its language, which is
    /// what keeps the far word a matter of the country alone.
    /// </summary>
    public static readonly Choice Sentence = new([.. Countries.Select(country => (1, (Phrase)new Series(
        Opening, country.Name, ". ", Filler, Connective, country.Language, ".\n")))]);
}
