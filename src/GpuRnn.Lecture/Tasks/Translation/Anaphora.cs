namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>
/// Two clauses, the second with a pronoun for a thing of the first, whose gender decides French: "i bought a car . it is red ." has
/// "elle", and "he sees the cake but he does not eat it ." has "le".
/// </summary>
/// <remarks>
/// There is always one thing that can be meant: the first clause has one noun that is no person, and if that is several, so is no person
/// there.
/// </remarks>
sealed class Anaphora(Draws draws)
{
    readonly NounPhrases nouns = new(draws);
    readonly Clauses clauses = new(draws);

    public Piece Make()
    {
        Noun noun = draws.Of(Nouns.Things);
        Adjective[] adjectives = Adjectives.Of(noun);
        if (!draws.Percent(25))
        {
            (Piece handled, Agreement agreement) = Handled(noun);
            return handled + Link() + (draws.Percent(40) ? clauses.Is(It(agreement), adjectives) : DoneTo(noun, agreement));
        }
        NounPhrase thing = nouns.Simple(noun, Determiners.Definites);
        Adjective said = draws.Of(adjectives);
        return clauses.Is(thing, said) + Link() + (draws.Percent(50)
            ? clauses.Is(It(thing.Agreement), [.. adjectives.Where(a => a != said)])
            : DoneTo(noun, thing.Agreement));
    }

    Piece Link() => draws.Of<Piece>((".", "."), (".", "."), ("and", "et"), ("but", "mais"), ("because", "parce que"));

    (Piece, Agreement) Handled(Noun noun)
    {
        NounPhrase subject = draws.Percent(60) ? nouns.Pronoun() : nouns.Simple(draws.Of(Nouns.People), Determiners.Usual, plural: false);
        Verb verb = clauses.VerbFor(noun);
        NounPhrase thing = nouns.Simple(noun, verb.OnlyDefinite ? Determiners.Definites : Determiners.Usual);
        VerbGroup group = VerbGroup.Of(verb, subject, draws.Of(verb.Modes));
        return (new Predicate(group.Helper, (group.English, group.French), Mode.Simple).After(subject) + thing.Piece, thing.Agreement);
    }

    static NounPhrase It(Agreement agreement)
    {
        string french = agreement.Plural ? agreement.Feminine ? "elles" : "ils" : agreement.Feminine ? "elle" : "il";
        return new((agreement.Plural ? "they" : "it", french), agreement.Plural ? Person.Several : Person.One, agreement);
    }

    /// <summary>"i do not see them" is "je ne les vois pas", and "i bought it" is "je l' ai achetée" of a car.</summary>
    Piece DoneTo(Noun noun, Agreement agreement)
    {
        NounPhrase subject = draws.Percent(60) ? nouns.Pronoun() : nouns.Simple(draws.Of(Nouns.People), Determiners.Definites);
        Verb verb = clauses.VerbFor(noun);
        string pronoun = agreement.Plural ? "les" : agreement.Feminine ? "la" : "le";
        Adverb adverb = draws.Percent(40) ? Adverb.Not : Adverb.None;
        VerbGroup group = VerbGroup.Of(verb, subject, draws.Of(verb.Modes), adverb, pronoun: pronoun, objectBefore: agreement);
        return new Predicate(group.Helper, (Piece.Join(group.English, agreement.Plural ? "them" : "it"), group.French), Mode.Simple)
            .After(subject);
    }
}
