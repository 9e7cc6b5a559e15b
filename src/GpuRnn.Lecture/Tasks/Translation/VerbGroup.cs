namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>What is added to a verb: nothing, "often", "not", "never".</summary>
enum Adverb { None, Often, Not, Never }

/// <summary>
/// A verb with its helpers. English: what a question puts before the subject (may be ""), and the rest. French keeps its order, since its
/// questions are made with "est-ce que".
/// </summary>
readonly record struct VerbGroup(string Helper, string English, string French)
{
    /// <summary>A verb as it is said of a subject.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="subject">Of whom.</param>
    /// <param name="mode">How; one of the verb's modes.</param>
    /// <param name="adverb">"often" goes with the simple mode only, "never" with that and the past.</param>
    /// <param name="question">Is the subject to go between helper and rest?</param>
    /// <param name="pronoun">The French object pronoun: le, la, les or "".</param>
    /// <param name="objectBefore">What the participle agrees with: an object that stands before it.</param>
    public static VerbGroup Of(Verb verb, NounPhrase subject, Mode mode, Adverb adverb = Adverb.None, bool question = false,
        string pronoun = "",
        Agreement? objectBefore = null)
    {
        (string helper, string rest) = SayEnglish(verb, subject.Person, mode, adverb, question);
        return new(helper, rest, SayFrench(verb, subject, mode, adverb, pronoun, objectBefore ?? Agreement.None));
    }

    static (string Helper, string After) SayEnglish(Verb verb, Person person, Mode mode, Adverb adverb, bool question)
    {
        bool one = person == Person.One, not = adverb == Adverb.Not;
        string does = one ? "does" : "do", little = adverb switch { Adverb.Often => "often ", Adverb.Never => "never ", _ => "" };
        (string, string) WithDo(string helper, string finite, string rest) => question || not ? (helper, rest) : ("", finite);
        (string helper, string after) = mode switch
        {
            Mode.Simple => WithDo(does, little + (one ? verb.Third : verb.Base), little + verb.Base),
            Mode.Past => WithDo("did", little + verb.Past, little + verb.Base),
            Mode.Want => WithDo(does, (one ? "wants to " : "want to ") + verb.Base, "want to " + verb.Base),
            Mode.Progressive => (Be(person), verb.Ing),
            Mode.Going => (Be(person), "going to " + verb.Base),
            _ => (not ? "cannot" : "can", verb.Base),
        };
        return (not && mode != Mode.Can ? helper + " not" : helper, after);
    }

    static string SayFrench(Verb verb, NounPhrase subject, Mode mode, Adverb adverb, string pronoun, Agreement objectBefore)
    {
        FrenchVerb french = verb.French;
        int person = (int)subject.Person;
        (string before, string finite, string after) = mode switch
        {
            Mode.Simple or Mode.Progressive => (pronoun, french.Present[person], ""),
            Mode.Past when french.WithEtre => (pronoun, Verbs.Etre[person], french.Participle.For(subject.Agreement)),
            Mode.Past => (pronoun, Verbs.Avoir[person], french.Participle.For(objectBefore)),
            // A pronoun stands before the verb whose object it is, which here is the infinitive.
            _ => ("", FrenchHelper(mode)[person], Piece.Join(pronoun, french.Infinitive)),
        };
        return Around(Piece.Join(before, finite), adverb, after);
    }

    static string[] FrenchHelper(Mode mode) => mode switch { Mode.Can => Verbs.Pouvoir, Mode.Want => Verbs.Vouloir, _ => Verbs.Aller };

    /// <summary>"ne ... pas" goes around the finite verb and its pronouns.</summary>
    public static string Around(string finite, Adverb adverb, string after = "") => adverb switch
    {
        Adverb.Not => Piece.Join("ne", finite, "pas", after),
        Adverb.Never => Piece.Join("ne", finite, "jamais", after),
        Adverb.Often => Piece.Join(finite, "souvent", after),
        _ => Piece.Join(finite, after),
    };

    /// <summary>am, are or is.</summary>
    public static string Be(Person person) => person switch { Person.I => "am", Person.One => "is", _ => "are" };
}
