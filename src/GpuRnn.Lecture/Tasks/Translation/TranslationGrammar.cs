using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>
/// A grammar that makes English sentences and their French translations side by side. An English sentence has one translation: what French
/// asks for and English does not say is fixed ("you" is "tu"; i, you and they are masculine) or follows from a word before.
/// </summary>
/// <remarks>
/// There are more than 300 million sentences of the pattern SOMEBODY sees or buys SOMETHING SOMEWHERE alone: 132 subjects, 13 forms of
/// the verbs, 544 objects and 336 places combine freely.
/// </remarks>
static class TranslationGrammar
{
    /// <summary>Longer sentences are drawn again. Words and marks.</summary>
    public const int MostWords = 20, MostFrenchWords = 25;

    /// <summary>Draws for one new sentence before the grammar counts as used up.</summary>
    const int Patience = 100_000;

    /// <summary>Sentences as they come, the frequent ones again and again. The same on every platform.</summary>
    public static IEnumerable<SentencePair> Generate(int seed, int count) => Endless(seed).Take(count);

    /// <summary>
    /// Different sentences of one portion. Where a sentence belongs follows from its English words alone: no other portion of the same
    /// split has it, whatever the seed.
    /// </summary>
    /// <exception cref="GpuRnnException">So many different ones are not to be found.</exception>
    public static IEnumerable<SentencePair> Generate(int seed, int count, Split split, Portion portion)
    {
        HashSet<string> seen = [];
        int inVain = 0;
        if (count == 0) yield break;
        foreach (SentencePair pair in Endless(seed))
        {
            if (split.Of(pair.Source) == portion && seen.Add(pair.Source))
            {
                inVain = 0;
                yield return pair;
                if (seen.Count == count) yield break;
            }
            else if (++inVain == Patience)
            {
                string had = $"The grammar gave {seen.Count} different sentences to the {portion} portion";
                throw new GpuRnnException($"{had} and no more in {Patience} draws; {count} were asked for.");
            }
        }
    }

    static IEnumerable<SentencePair> Endless(int seed)
    {
        Draws draws = new(new SplitMix(unchecked((ulong)seed)));
        Sentences sentences = new(draws);
        while (true)
        {
            Piece sentence = sentences.Make();
            SentencePair pair = new(sentence.English, FrenchSpelling.Spell(sentence.French));
            if (pair.SourceWords.Length <= MostWords && pair.TargetWords.Length <= MostFrenchWords) yield return pair;
        }
    }
}
