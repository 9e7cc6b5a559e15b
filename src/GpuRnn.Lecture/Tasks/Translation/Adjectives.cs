namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>An adjective of both languages.</summary>
/// <param name="Before">Does it stand before the French noun?</param>
/// <param name="BeforeVowel">Its masculine singular before a noun with a vowel: "un vieil homme".</param>
sealed record Adjective(string English, Forms French, bool Before, string BeforeVowel);

/// <summary>All adjectives.</summary>
static class Adjectives
{
    public static readonly Adjective[] All =
    [
        new("big", new("grand", "grande", "grands", "grandes"), Before: true, "grand"),
        new("small", new("petit", "petite", "petits", "petites"), Before: true, "petit"),
        new("old", new("vieux", "vieille", "vieux", "vieilles"), Before: true, "vieil"),
        new("red", new("rouge", "rouge", "rouges", "rouges"), Before: false, "rouge"),
        new("blue", new("bleu", "bleue", "bleus", "bleues"), Before: false, "bleu"),
    ];

    public static readonly Adjective[] OfPeople = [.. All.Where(a => a.English is "small" or "old")];

    /// <summary>What can be said of a noun.</summary>
    public static Adjective[] Of(Noun noun) => [.. All.Where(a => noun.Adjectives.Contains(a.English))];
}
