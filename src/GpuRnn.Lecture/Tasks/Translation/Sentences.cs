namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>Makes whole sentences with their marks; French not yet elided.</summary>
sealed class Sentences(Draws draws)
{
    static readonly Piece stop = (".", "."), mark = ("?", "?"), siri = ("hey siri ,", "dis siri ,"),
        please = (", please", ", s' il te plaît");

    readonly Clauses clauses = new(draws);
    readonly Anaphora anaphora = new(draws);
    readonly Questions questions = new(draws);

    public Piece Make() => draws.Below(20) switch
    {
        < 6 => clauses.Clause(they: true) + stop,
        < 9 => Compound() + stop,
        < 12 => anaphora.Make() + stop,
        < 14 => clauses.Description() + stop,
        14 => clauses.Existence() + stop,
        < 19 => Addressed(questions.Question()) + mark,
        _ => Addressed(questions.Request()) + stop,
    };

    // Here "they" of the second clause would be somebody of the first: there is none.
    Piece Compound() =>
        clauses.Clause(they: true) + draws.Of<Piece>(("and", "et"), ("but", "mais"), ("because", "parce que"))
            + clauses.Clause(dated: false);

    Piece Addressed(Piece asked)
    {
        if (draws.Percent(20)) asked = siri + asked;
        return draws.Percent(20) ? asked + please : asked;
    }
}
