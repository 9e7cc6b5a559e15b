namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>What a clause has besides its subject: the English helper that questions move, the rest, and how its verb is said.</summary>
readonly record struct Predicate(string Helper, Piece Rest, Mode Mode, Adverb Adverb = Adverb.None)
{
    /// <summary>Subject first.</summary>
    public Piece After(NounPhrase subject) =>
        new(Piece.Join(subject.English, Helper, Rest.English), Piece.Join(subject.French, Rest.French));

    /// <summary>As a question that French makes with "est-ce que".</summary>
    public Piece AskedOf(NounPhrase subject) =>
        new(Piece.Join(Helper, subject.English, Rest.English), Piece.Join("est-ce que", subject.French, Rest.French));
}

/// <summary>Makes predicates and whole clauses.</summary>
sealed class Clauses(Draws draws)
{
    readonly NounPhrases nouns = new(draws);

    /// <summary>A verb with its objects and, sometimes, a place. Questions have no "not" and no "never".</summary>
    public Predicate Predicate(NounPhrase subject, bool question = false, bool simpleObject = false)
    {
        Verb verb = draws.Below(10) switch { 0 => Verbs.Sleep, 1 => Verbs.Go, _ => draws.Of(Verbs.Transitive) };
        Mode mode = draws.Of(verb.Modes);
        Adverb adverb = Adverb(mode, question);
        if (verb == Verbs.Like && adverb != Translation.Adverb.Not) adverb = Translation.Adverb.None; // nobody "often likes" something
        VerbGroup group = VerbGroup.Of(verb, subject, mode, adverb, question);
        Piece rest = new Piece(group.English, group.French);
        if (verb.Objects.Length > 0) rest += Object(verb, adverb is Translation.Adverb.Not or Translation.Adverb.Never, simpleObject);
        if (verb == Verbs.Go) rest += nouns.Goal();
        else if (verb != Verbs.Like && draws.Percent(verb == Verbs.Sleep ? 60 : 20)) rest += nouns.Place();
        return new(group.Helper, rest, mode, adverb);
    }

    Adverb Adverb(Mode mode, bool question)
    {
        int draw = draws.Below(10);
        bool simple = mode == Mode.Simple;
        return draw == 0 && simple ? Translation.Adverb.Often
            : question ? Translation.Adverb.None
            : draw == 1 && (simple || mode == Mode.Past) ? Translation.Adverb.Never
            : draw is 2 or 3 or 4 ? Translation.Adverb.Not : Translation.Adverb.None;
    }

    Piece Object(Verb verb, bool negated, bool simple)
    {
        Noun noun = draws.Of(verb.Objects);
        int draw = simple ? 9 : draws.Below(10);
        if (draw == 0) return nouns.Possessed(noun).Piece;
        if (draw == 1 && Nouns.Things.Contains(noun)) return WithRelative(noun).Piece;
        return nouns.Simple(noun, verb.OnlyDefinite ? Determiners.Definites : negated ? Determiners.Negated : Determiners.Usual).Piece;
    }

    /// <summary>"the car that i bought" is "la voiture que j' ai achetée".</summary>
    public NounPhrase WithRelative(Noun noun)
    {
        NounPhrase thing = nouns.Simple(noun, [Determiners.The]);
        NounPhrase subject = draws.Percent(60) ? nouns.Pronoun() : nouns.Simple(draws.Of(Nouns.People), Determiners.Definites);
        Verb verb = VerbFor(noun);
        Mode mode = draws.Of(verb.Modes);
        Adverb adverb = draws.Percent(20) ? Translation.Adverb.Not : Translation.Adverb.None;
        VerbGroup group = VerbGroup.Of(verb, subject, mode, adverb, objectBefore: thing.Agreement);
        return thing with
        {
            Piece = thing.Piece + ("that", "que") + subject.Piece + (Piece.Join(group.Helper, group.English), group.French),
        };
    }

    /// <summary>A verb that can be done to a noun.</summary>
    public Verb VerbFor(Noun noun) => draws.Of([.. Verbs.Transitive.Where(v => v.Objects.Contains(noun))]);

    /// <summary>Somebody, or "the man who ..." and "the dog that ...": French has "qui" for both.</summary>
    public NounPhrase Subject(bool they)
    {
        if (!draws.Percent(10)) return nouns.Animate(they);
        Noun noun = draws.Of(Nouns.Animates);
        NounPhrase somebody = nouns.Simple(noun, [Determiners.The, Determiners.A]);
        Predicate predicate = Predicate(somebody, simpleObject: true);
        Piece relative = predicate.After(somebody with { Piece = (noun == Nouns.Dog ? "that" : "who", "qui") });
        return somebody with { Piece = somebody.Piece + relative };
    }

    /// <summary>Subject and predicate, sometimes with yesterday or tomorrow at either end.</summary>
    public Piece Clause(bool they = false, bool dated = true)
    {
        NounPhrase subject = Subject(they);
        Predicate predicate = Predicate(subject);
        Piece clause = predicate.After(subject);
        Piece date = predicate.Mode switch { Mode.Past => ("yesterday", "hier"), Mode.Going => ("tomorrow", "demain"), _ => Piece.Nothing };
        // Nobody never did something yesterday.
        if (date == Piece.Nothing || !dated || predicate.Adverb == Translation.Adverb.Never || draws.Percent(60)) return clause;
        return draws.Percent(50) ? clause + date : date + (",", ",") + clause;
    }

    /// <summary>"the red cars are not old".</summary>
    public Piece Description() => draws.Percent(50) ? DescribeNoun()
        : Is(draws.Of(NounPhrases.I, NounPhrases.You, NounPhrases.He, NounPhrases.She, NounPhrases.They), Adjectives.OfPeople);

    Piece DescribeNoun()
    {
        Noun noun = draws.Of(Nouns.Sights);
        NounPhrase subject = draws.Below(6) switch
        {
            0 => nouns.Possessed(noun),
            1 when Nouns.Things.Contains(noun) => WithRelative(noun),
            _ => nouns.Simple(noun, Determiners.Definites),
        };
        return draws.Percent(30) ? IsAt(subject) : Is(subject, Adjectives.Of(noun));
    }

    /// <summary>A subject and how it is, or is not.</summary>
    public Piece Is(NounPhrase subject, Adjective[] adjectives) => Is(subject, draws.Of(adjectives));

    /// <summary>A subject and whether it is so.</summary>
    public Piece Is(NounPhrase subject, Adjective adjective) =>
        subject.Piece + Be(subject) + (adjective.English, adjective.French.For(subject.Agreement));

    Piece IsAt(NounPhrase subject) => subject.Piece + Be(subject) + nouns.Place();

    Piece Be(NounPhrase subject)
    {
        bool not = draws.Percent(30);
        return (Piece.Join(VerbGroup.Be(subject.Person), not ? "not" : ""),
            VerbGroup.Around(Verbs.Etre[(int)subject.Person], not ? Translation.Adverb.Not : Translation.Adverb.None));
    }

    /// <summary>"there is no dog in the garden".</summary>
    public Piece Existence()
    {
        bool none = draws.Percent(30);
        NounPhrase what = nouns.Simple(draws.Of(Nouns.Sights), none ? [Determiners.No] : Determiners.Indefinites);
        return (Piece.Join("there", VerbGroup.Be(what.Person), what.English), Piece.Join(none ? "il ne y a pas" : "il y a", what.French))
            + nouns.Place();
    }
}
