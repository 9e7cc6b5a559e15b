namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>What can be seen. The order decides which of two figures a sentence begins with.</summary>
enum Kind { Man, Woman, Dog, Bird, Ball, Car, Boat, House, Tree }

/// <summary>Colours that differ from each other, and from the sky by day and by night.</summary>
enum Colour { Red, Green, Blue, Yellow, White, Purple, Orange }

/// <summary>What men, women and dogs do. Everything else does nothing.</summary>
enum Deed { Nothing, Running, Sitting, Jumping, Sleeping }

/// <summary>Where the first figure is, seen from the second.</summary>
enum Relation { LeftOf, RightOf, Above, Below }

/// <summary>Of a thing that is alone.</summary>
enum Size { Unsaid, Small, Big }

/// <summary>One thing, or two that are alike and do the same.</summary>
sealed record Figure(Kind Kind, Colour Colour, Deed Deed = Deed.Nothing, bool Two = false)
{
    public bool Acts => ActsAs(Kind);

    public static bool ActsAs(Kind kind) => kind is Kind.Man or Kind.Woman or Kind.Dog;

    /// <summary>"a red ball", "two men in blue".</summary>
    public string Words(Size size = Size.Unsaid)
    {
        string colour = Colour.ToString().ToLowerInvariant(), noun = (Kind, Two) switch
        {
            (Kind.Man, true) => "men",
            (Kind.Woman, true) => "women",
            _ => Kind.ToString().ToLowerInvariant() + (Two ? "s" : ""),
        };
        string said = Kind is Kind.Man or Kind.Woman ? $"{noun} in {colour}"
            : size == Size.Unsaid ? $"{colour} {noun}" : $"{(size == Size.Big ? "big" : "small")} {colour} {noun}";
        return (Two ? "two " : said[0] == 'o' ? "an " : "a ") + said;
    }
}

/// <summary>
/// What a picture shows, which is just what its sentence says. A scene has one sentence and a sentence one scene: of two figures the one
/// whose kind comes first is named first, of one kind the one whose colour does; night is said, day is not.
/// </summary>
/// <param name="First">What the sentence begins with.</param>
/// <param name="Night">Is the sky dark?</param>
/// <param name="Size">Said where one thing is alone, unless it acts.</param>
/// <param name="Relation">Where the first figure is, if there is a second one.</param>
/// <param name="Second">One thing that does not act, of another kind or colour than the first.</param>
sealed record Scene(Figure First, bool Night, Size Size = Size.Unsaid, Relation Relation = Relation.LeftOf, Figure? Second = null)
{
    /// <summary>"a red ball is left of a blue house at night ."</summary>
    public string Sentence
    {
        get
        {
            string be = First.Two ? "are" : "is", first = First.Words(Size);
            string deed = First.Acts ? " " + First.Deed.ToString().ToLowerInvariant() : "", night = Night ? " at night" : "";
            if (Second is not null) return $"{first} {be}{deed} {Where(Relation)} {Second.Words()}{night} .";
            return First.Acts ? $"{first} {be}{deed}{night} ." : $"there {be} {first}{night} .";
        }
    }

    static string Where(Relation relation) => relation switch
    {
        Relation.LeftOf => "left of",
        Relation.RightOf => "right of",
        Relation.Above => "above",
        _ => "below",
    };
}
