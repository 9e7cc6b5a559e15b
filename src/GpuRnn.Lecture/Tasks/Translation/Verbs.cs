namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>How a verb is said: "eats", "is eating", "ate", "can eat", "wants to eat", "is going to eat".</summary>
enum Mode { Simple, Progressive, Past, Can, Want, Going }

/// <summary>A French verb, written out.</summary>
/// <param name="Present">Its present with je, tu, il and ils.</param>
/// <param name="Infinitive">Its infinitive.</param>
/// <param name="Participle">Its past participle.</param>
/// <param name="WithEtre">Is its past made with être (and agrees with the subject), not avoir?</param>
sealed record FrenchVerb(string[] Present, string Infinitive, Forms Participle, bool WithEtre = false);

/// <summary>A verb of both languages.</summary>
/// <param name="Modes">The modes it is used in.</param>
/// <param name="Objects">What it is done to; empty if to nothing.</param>
/// <param name="OnlyDefinite">Must it be said which? One likes "the cake", not "a cake".</param>
sealed record Verb(string Base, string Third, string Ing, string Past, FrenchVerb French, Mode[] Modes, Noun[] Objects,
    bool OnlyDefinite = false);

/// <summary>All verbs.</summary>
static class Verbs
{
    static readonly Mode[]
        all = [Mode.Simple, Mode.Progressive, Mode.Past, Mode.Past, Mode.Can, Mode.Want, Mode.Going],
        noProgressive = [Mode.Simple, Mode.Simple, Mode.Past, Mode.Past, Mode.Can, Mode.Want, Mode.Going];

    static readonly Forms none = new("", "", "", "");

    public static readonly Verb
        Eat = new("eat", "eats", "eating", "ate",
            new(["mange", "manges", "mange", "mangent"], "manger", new("mangé", "mangée", "mangés", "mangées")), all, Nouns.Foods),
        Buy = new("buy", "buys", "buying", "bought",
            new(["achète", "achètes", "achète", "achètent"], "acheter", new("acheté", "achetée", "achetés", "achetées")), all,
            Nouns.Things),
        See = new("see", "sees", "", "saw",
            new(["vois", "vois", "voit", "voient"], "voir", new("vu", "vue", "vus", "vues")), noProgressive, Nouns.Sights),
        Like = new("like", "likes", "", "", new(["aime", "aimes", "aime", "aiment"], "", none), [Mode.Simple], Nouns.Sights,
            OnlyDefinite: true),
        Have = new("have", "has", "", "", new(["ai", "as", "a", "ont"], "avoir", none), [Mode.Simple, Mode.Simple, Mode.Want, Mode.Going],
            Nouns.Things),
        Sleep = new("sleep", "sleeps", "sleeping", "slept",
            new(["dors", "dors", "dort", "dorment"], "dormir", new("dormi", "dormi", "dormi", "dormi")), all, []),
        Go = new("go", "goes", "going", "went",
            new(["vais", "vas", "va", "vont"], "aller", new("allé", "allée", "allés", "allées"), WithEtre: true), all, []);

    public static readonly Verb[] Transitive = [Eat, Buy, See, Like, Have];

    /// <summary>Helpers, with je, tu, il and ils.</summary>
    public static readonly string[]
        Etre = ["suis", "es", "est", "sont"],
        Avoir = Have.French.Present,
        Pouvoir = ["peux", "peux", "peut", "peuvent"],
        Vouloir = ["veux", "veux", "veut", "veulent"],
        Aller = Go.French.Present;
}
