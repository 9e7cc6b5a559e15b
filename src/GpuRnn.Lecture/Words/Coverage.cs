using GpuRnn.Data;

namespace GpuRnn.Lecture.Words;

/// <summary>What share of a text the most frequent words make up, for every size of a vocabulary.</summary>
public sealed class Coverage
{
    readonly long[] within; // words of the text among the first so many of the vocabulary
    readonly long total;

    /// <param name="counts">How often each word occurs in the text, the vocabulary's first word first.</param>
    /// <param name="total">All words of the text, those that are in no vocabulary too.</param>
    public Coverage(IEnumerable<long> counts, long total)
    {
        long sum = 0;
        within = [0, .. counts.Select(c => sum += c)];
        this.total = total;
    }

    /// <summary>Of a text by its own most frequent words.</summary>
    public static Coverage OfItself(TextWords words) => new(words.Counts.Values.OrderDescending(), words.Total);

    /// <summary>Of the last tenth by the most frequent words of what comes before it.</summary>
    public static Coverage OfLastTenth(TextWords words)
    {
        WordVocabulary first = WordVocabulary.Of([words.InOrder().TakeWhile((_, i) => i < words.First)]);
        long[] counts = new long[first.Size];
        foreach (string word in words.InOrder().Where((_, i) => i >= words.First)) counts[first.NumberOf(word)]++;
        return new(counts.Skip(Marks), words.Total - words.First);
    }

    /// <summary>Numbers of a vocabulary that are no words of a text: &lt;pad&gt;, &lt;unk&gt;, &lt;s&gt;, &lt;/s&gt;.</summary>
    public const int Marks = 4;

    /// <summary>The size of a vocabulary that has all words.</summary>
    public int Largest => within.Length - 1 + Marks;

    /// <summary>The share of the text that a vocabulary of a size, its four marks among it, has words for.</summary>
    public double At(int size) => (double)within[Math.Clamp(size - Marks, 0, within.Length - 1)] / total;
}
