namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>
/// What happens between neighbouring French words. It may look at spelling alone because every h of the vocabulary is silent and no pronoun
/// ever follows "de" or "à", so "le" and "les" behind these are articles.
/// </summary>
static class FrenchSpelling
{
    const string Vowels = "aàâeéèêiîoôœuûyh";

    static readonly Dictionary<(string, string), string> contractions = new()
    {
        [("de", "le")] = "du", [("de", "les")] = "des", [("à", "le")] = "au",
    };

    static readonly Dictionary<string, string> elisions = new()
    {
        ["le"] = "l'", ["la"] = "l'", ["de"] = "d'", ["ne"] = "n'", ["je"] = "j'", ["que"] = "qu'",
    };

    /// <summary>Does a word begin with a vowel sound?</summary>
    public static bool BeginsWithVowel(string word) => word.Length > 0 && Vowels.Contains(word[0], StringComparison.Ordinal);

    /// <summary>"de le homme ne a pas" becomes "de l' homme n' a pas", and "de le chien" becomes "du chien".</summary>
    public static string Spell(string words)
    {
        string[] plain = words.Split(' ');
        List<string> spelt = [];
        for (int i = 0; i < plain.Length; i++)
        {
            string word = plain[i], next = i + 1 < plain.Length ? plain[i + 1] : "", afterNext = i + 2 < plain.Length ? plain[i + 2] : "";
            // "le" that loses its e does not melt into the preposition: "à l' hôtel", not "au hôtel".
            bool nextElides = next == "le" && BeginsWithVowel(afterNext);
            if (!nextElides && contractions.TryGetValue((word, next), out string? contracted))
            {
                spelt.Add(contracted);
                i++;
            }
            else spelt.Add(BeginsWithVowel(next) && elisions.TryGetValue(word, out string? elided) ? elided : word);
        }
        return string.Join(' ', spelt);
    }
}
