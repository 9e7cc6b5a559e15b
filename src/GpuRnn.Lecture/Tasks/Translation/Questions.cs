namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>Makes questions and requests, without their last mark.</summary>
sealed class Questions(Draws draws)
{
    readonly NounPhrases nouns = new(draws);
    readonly Clauses clauses = new(draws);

    public Piece Question() => draws.Below(10) switch
    {
        < 2 => WhereCanI(),
        2 => WhereIs(),
        3 or 4 => Where(),
        5 or 6 => clauses.Predicate(NounPhrases.Who).After(NounPhrases.Who),
        7 => What(),
        _ => Whether(),
    };

    /// <summary>"where can i buy a tesla" is "où puis-je acheter une tesla".</summary>
    Piece WhereCanI()
    {
        Verb verb = draws.Of(Verbs.Eat, Verbs.Buy, Verbs.See, Verbs.Sleep);
        Piece done = (verb.Base, verb.French.Infinitive);
        if (verb.Objects.Length > 0) done += nouns.Simple(draws.Of(verb.Objects), Determiners.Usual).Piece;
        return new Piece("where can i", "où puis-je") + done;
    }

    Piece WhereIs()
    {
        NounPhrase sought = nouns.Simple(draws.Of([.. Nouns.Sights, .. Nouns.Goals]), Determiners.Definites);
        return (Piece.Join("where", VerbGroup.Be(sought.Person), sought.English),
            Piece.Join("où", Verbs.Etre[(int)sought.Person], sought.French));
    }

    /// <summary>Anybody but me: "where can i" is asked otherwise.</summary>
    Piece Where()
    {
        NounPhrase subject = Asked();
        Verb verb = draws.Of(Verbs.Eat, Verbs.Buy, Verbs.See, Verbs.Sleep);
        VerbGroup group = VerbGroup.Of(verb, subject, draws.Of(verb.Modes), question: true);
        Piece rest = (group.English, group.French);
        if (verb.Objects.Length > 0) rest += nouns.Simple(draws.Of(verb.Objects), Determiners.Usual).Piece;
        return new Piece("where", "où") + new Predicate(group.Helper, rest, Mode.Simple).AskedOf(subject);
    }

    Piece What()
    {
        NounPhrase subject = Asked();
        Verb verb = draws.Of(Verbs.Transitive);
        VerbGroup group = VerbGroup.Of(verb, subject, draws.Of(verb.Modes), question: true);
        return new Piece("what", "que") + new Predicate(group.Helper, (group.English, group.French), Mode.Simple).AskedOf(subject);
    }

    Piece Whether()
    {
        NounPhrase subject = Asked();
        return clauses.Predicate(subject, question: true).AskedOf(subject);
    }

    NounPhrase Asked()
    {
        NounPhrase subject = nouns.Animate(they: true);
        return subject == NounPhrases.I ? NounPhrases.You : subject;
    }

    /// <summary>"show me the red cars" is "montre-moi les voitures rouges".</summary>
    public Piece Request()
    {
        Noun noun = draws.Of([.. Nouns.Sights, .. Nouns.Goals]);
        NounPhrase shown = draws.Below(4) switch
        {
            0 => nouns.Possessed(noun),
            1 when Nouns.Things.Contains(noun) => clauses.WithRelative(noun),
            _ => nouns.Simple(noun, Determiners.Usual),
        };
        return new Piece("show me", "montre-moi") + shown.Piece;
    }
}
