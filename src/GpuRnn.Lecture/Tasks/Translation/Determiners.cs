namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>An article, a possessive or a number.</summary>
/// <param name="English">The English word; "a" also stands for "an".</param>
/// <param name="Masculine">With one thing, masculine; "" if it is only said of several.</param>
/// <param name="Feminine">With one thing, feminine.</param>
/// <param name="FeminineBeforeVowel">The same before a vowel: "mon école".</param>
/// <param name="Plural">With several; "" if it is only said of one.</param>
/// <param name="Definite">Does it say which?</param>
sealed record Determiner(string English, string Masculine, string Feminine, string FeminineBeforeVowel, string Plural, bool Definite)
{
    public string French(Agreement agreement, bool beforeVowel) =>
        agreement.Plural ? Plural : !agreement.Feminine ? Masculine : beforeVowel ? FeminineBeforeVowel : Feminine;
}

/// <summary>All determiners.</summary>
static class Determiners
{
    public static readonly Determiner
        The = new("the", "le", "la", "la", "les", true),
        A = new("a", "un", "une", "une", "", false),
        Some = new("some", "", "", "", "des", false),
        Two = new("two", "", "", "", "deux", false),
        My = new("my", "mon", "ma", "mon", "mes", true),
        // French asks whose gender the thing has, not the owner: his and her are the same.
        His = new("his", "son", "sa", "son", "ses", true),
        Her = new("her", "son", "sa", "son", "ses", true),
        // After a negation: "il ne voit pas de voiture".
        ANegated = new("a", "de", "de", "de", "", false),
        Any = new("any", "", "", "", "de", false),
        No = new("no", "de", "de", "de", "de", false);

    // Those that are meant to be frequent stand twice.
    public static readonly Determiner[]
        Definites = [The, The, The, My, His, Her],
        Usual = [The, The, The, A, A, Some, Two, My, His, Her],
        Negated = [The, The, The, ANegated, ANegated, Any, Two, My, His, Her],
        Indefinites = [A, A, Some, Two];
}
