namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>Makes noun phrases: "the small house", "the man 's cars", "an old woman and my dog".</summary>
sealed class NounPhrases(Draws draws)
{
    public static readonly NounPhrase
        I = new(("i", "je"), Person.I, Agreement.None),
        You = new(("you", "tu"), Person.You, Agreement.None),
        He = new(("he", "il"), Person.One, Agreement.None),
        She = new(("she", "elle"), Person.One, new(true, false)),
        // Without a noun that they stand for, they are masculine.
        They = new(("they", "ils"), Person.Several, new(false, true)),
        Who = new(("who", "qui"), Person.One, Agreement.None);

    static readonly NounPhrase[] pronouns = [I, You, He, She];

    /// <summary>Determiner, adjectives and noun.</summary>
    public NounPhrase Simple(Noun noun, Determiner[] determiners, bool? plural = null)
    {
        Determiner determiner = draws.Of([.. determiners.Where(d => Fits(d, noun, plural))]);
        bool several = determiner.Masculine.Length == 0 || determiner.Plural.Length > 0 && noun.EnglishPlural.Length > 0
            && (plural ?? draws.Percent(40));
        Agreement agreement = new(noun.Feminine, several);
        (Piece group, bool adjectiveFirst) = Group(noun, agreement);
        string french = determiner.French(agreement, FrenchSpelling.BeginsWithVowel(group.French));
        if (french == "des" && adjectiveFirst) french = "de"; // "des voitures", but "de grandes voitures"
        string english = determiner.English == "a" && "aeio".Contains(group.English[0], StringComparison.Ordinal) ? "an"
            : determiner.English;
        return new(new Piece(english, french) + group, several ? Person.Several : Person.One, agreement);
    }

    static bool Fits(Determiner determiner, Noun noun, bool? plural)
    {
        bool one = plural != true && determiner.Masculine.Length > 0;
        bool several = plural != false && determiner.Plural.Length > 0 && noun.EnglishPlural.Length > 0;
        return one || several;
    }

    /// <summary>Adjectives and noun: none (half of the time), one of size or age, one of colour, or both in this order.</summary>
    (Piece Group, bool AdjectiveFirst) Group(Noun noun, Agreement agreement)
    {
        Adjective[] before = [.. Adjectives.Of(noun).Where(a => a.Before)], after = [.. Adjectives.Of(noun).Where(a => !a.Before)];
        int kind = draws.Below(8);
        Adjective? first = kind is 4 or 5 or 7 ? draws.Of(before) : null;
        Adjective? last = kind >= 6 && after.Length > 0 ? draws.Of(after) : null;
        string french = agreement.Plural ? noun.FrenchPlural : noun.French;
        string firstFrench = first is null ? ""
            : agreement == Agreement.None && FrenchSpelling.BeginsWithVowel(french) ? first.BeforeVowel : first.French.For(agreement);
        return (new(Piece.Join(first?.English ?? "", last?.English ?? "", agreement.Plural ? noun.EnglishPlural : noun.English),
            Piece.Join(firstFrench, french, last?.French.For(agreement) ?? "")), first is not null);
    }

    /// <summary>
    /// "the man 's red car" is "la voiture rouge de l' homme"; several that end in s have the mark alone: "the dogs ' house".
    /// </summary>
    public NounPhrase Possessed(Noun noun)
    {
        NounPhrase owner = Simple(draws.Of(Nouns.Animates), Determiners.Definites), owned = Simple(noun, [Determiners.The]);
        string bare = owned.English["the ".Length..];
        return owned with
        {
            Piece = new(
                Piece.Join(owner.English, owner.English.EndsWith('s') ? "'" : "'s", bare),
                Piece.Join(owned.French, "de", owner.French))
        };
    }

    /// <summary>i, you, he or she: those that need no noun before them.</summary>
    public NounPhrase Pronoun() => draws.Of(pronouns);

    /// <summary>People, a dog, or two of them, or a pronoun.</summary>
    public NounPhrase Animate(bool they = false) => draws.Below(10) switch
    {
        < 3 => Pronoun(),
        3 when they => They,
        4 => Both(),
        _ => Simple(draws.Of(Nouns.Animates), Determiners.Usual),
    };

    NounPhrase Both()
    {
        NounPhrase a = Simple(draws.Of(Nouns.Animates), Determiners.Definites), b = Simple(draws.Of(Nouns.Animates), Determiners.Definites);
        return new(a.Piece + ("and", "et") + b.Piece, Person.Several, Agreement.Of(a.Agreement, b.Agreement));
    }

    /// <summary>Where something is or happens.</summary>
    public Piece Place()
    {
        Piece where = draws.Of<Piece>(("in", "dans"), ("near", "près de"), ("in front of", "devant"));
        return where + Simple(draws.Of(Nouns.Places), Determiners.Definites, plural: false).Piece;
    }

    /// <summary>Where somebody goes.</summary>
    public Piece Goal() => new Piece("to", "à") + Simple(draws.Of(Nouns.Goals), Determiners.Definites, plural: false).Piece;
}
