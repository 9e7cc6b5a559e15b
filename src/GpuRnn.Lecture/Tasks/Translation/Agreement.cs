namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>
/// Who a verb is said of. French "nous" and "vous" do not occur: the grammar has no "we", and "you" is one friend, "tu".
/// </summary>
enum Person
{
    I,
    You,
    /// <summary>he, she, it, and whatever is one.</summary>
    One,
    /// <summary>they, and whatever is several.</summary>
    Several,
}

/// <summary>What French articles, adjectives and participles agree with.</summary>
readonly record struct Agreement(bool Feminine, bool Plural)
{
    /// <summary>Masculine singular: also what stands where nothing is agreed with.</summary>
    public static readonly Agreement None = new(false, false);

    /// <summary>Of several together: feminine only if each is.</summary>
    public static Agreement Of(Agreement a, Agreement b) => new(a.Feminine && b.Feminine, true);
}

/// <summary>The four forms of an adjective or a participle.</summary>
sealed record Forms(string Masculine, string Feminine, string Masculines, string Feminines)
{
    public string For(Agreement a) => a.Plural ? a.Feminine ? Feminines : Masculines : a.Feminine ? Feminine : Masculine;
}

/// <summary>A piece of a sentence in both languages. French stands as if nothing were ever elided: "le homme", "de le jardin".</summary>
readonly record struct Piece(string English, string French)
{
    public static readonly Piece Nothing = new("", "");

    /// <summary>One after the other, in both languages.</summary>
    public static Piece operator +(Piece a, Piece b) => new(Join(a.English, b.English), Join(a.French, b.French));

    public static implicit operator Piece((string English, string French) both) => new(both.English, both.French);

    /// <summary>Words with a space between them; empty ones are left out.</summary>
    public static string Join(params string[] words) => string.Join(' ', words.Where(w => w.Length > 0));
}

/// <summary>What a verb can be said of, or what can be seen, bought and the like.</summary>
sealed record NounPhrase(Piece Piece, Person Person, Agreement Agreement)
{
    public string English => Piece.English;
    public string French => Piece.French;
}
