using System.Text;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>A review, its words, and whether it is for the film.</summary>
readonly record struct Review(string[] Words, int Label);

/// <summary>
/// The built-in data of `train sentiment`: reviews whose verdict is known, because it is drawn first and then said. It is turned round by
/// negations ("there is nothing to like in this movie"), overruled by contrasts ("... but ...", "although ... , ...") and, where a review
/// begins with sarcasm, it is the opposite of all that: a word at the beginning decides at the end.
/// </summary>
/// <remarks>
/// The verdict is that of the last clause that judges, seen through the sarcasm; everything before a contrast may say anything. Fillers,
/// some with a "not" of their own, stand in between.
/// </remarks>
static class ReviewGrammar
{
    /// <summary>Most words of a review to train on; longer ones are kept to see whether what was learned goes on.</summary>
    public const int ShortWords = 40;

    const double SarcasmShare = 0.2;

    /// <summary>Review i of a seed, whatever else is drawn: a short one, or a long one of 41 to 100 words.</summary>
    public static Review Draw(int seed, int index, bool isLong)
    {
        SplitMix random = new(new SplitMix((ulong)seed * 2 + (isLong ? 1u : 0u)).Next() + (ulong)index);
        while (true)
        {
            Review review = Draw(random, isLong ? 4 + random.Below(5) : 1 + random.Below(4), isLong);
            if (review.Words.Length > ShortWords == isLong && review.Words.Length <= 100) return review;
        }
    }

    static Review Draw(SplitMix random, int verdicts, bool isLong)
    {
        StringBuilder text = new();
        bool good = random.Below(2) == 1, sarcastic = random.Uniform() < SarcasmShare;
        if (sarcastic) Say(text, Any(random, ReviewWords.Sarcasm));
        Fill(text, random, isLong, sarcastic);
        for (int i = 0; i < verdicts; i++)
        {
            // all but the last may say anything; the last says what is meant, or its opposite
            bool says = i < verdicts - 1 ? random.Below(2) == 1 : good != sarcastic;
            if (i > 0) Say(text, Any(random, ReviewWords.Contrasts));
            if (random.Below(4) == 0) Say(text, $"{Any(random, ReviewWords.Concessions)} {Verdict(random, random.Below(2) == 1)} ,");
            Say(text, Verdict(random, says));
        }
        if (random.Below(3) == 0) Say(text, $". {Any(random, ReviewWords.Fillers)}");
        return new($"{text} .".Split(' '), good ? 1 : 0);
    }

    static void Fill(StringBuilder text, SplitMix random, bool isLong, bool sarcastic)
    {
        // sarcasm is said of what follows at once; the verdict may be far all the same
        for (int i = random.Below(isLong ? 5 : 2); i > 0; i--)
            Say(text, $"{Any(random, ReviewWords.Fillers)} {(sarcastic ? ", and" : ".")}");
    }

    /// <summary>A clause that is for the film, or against it.</summary>
    static string Verdict(SplitMix random, bool good) => random.Below(4) switch
    {
        0 => ThereIs(random, good),
        1 => Me(random, good),
        _ => Adjective(random, good),
    };

    static string Adjective(SplitMix random, bool good)
    {
        bool turned = random.Below(3) == 0;
        string degree = random.Below(3) == 0 ? Any(random, ReviewWords.Degrees) + " " : "";
        string negation = turned ? Any(random, ReviewWords.Negations) + " " : "";
        return $"{Any(random, ReviewWords.Aspects)} {negation}{degree}{Any(random, good != turned ? ReviewWords.Good : ReviewWords.Bad)}";
    }

    static string ThereIs(SplitMix random, bool good)
    {
        bool nothing = random.Below(2) == 0;
        string[] verbs = good != nothing ? ReviewWords.Likes : ReviewWords.Dislikes;
        return $"there is {(nothing ? random.Below(2) == 0 ? "nothing" : "little" : random.Below(2) == 0 ? "much" : "a lot")}"
            + $" to {Any(random, verbs)} in this movie";
    }

    static string Me(SplitMix random, bool good)
    {
        bool turned = random.Below(2) == 0;
        string[] verbs = good != turned ? ReviewWords.Likes : ReviewWords.Dislikes;
        return $"i {(turned ? random.Below(2) == 0 ? "did not" : "could never" : "did")} {Any(random, verbs)} it";
    }

    static string Any(SplitMix random, string[] words) => words[random.Below(words.Length)];

    static void Say(StringBuilder text, string words) => text.Append(text.Length > 0 ? " " : "").Append(words);
}
