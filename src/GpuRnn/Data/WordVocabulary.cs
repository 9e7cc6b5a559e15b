using System.Text.Encodings.Web;
using System.Text.Json;
using GpuRnn.Interop;

namespace GpuRnn.Data;

/// <summary>
/// Words and their numbers. The first four are no words of a text: <see cref="Pad"/> fills up short sentences, <see cref="Unknown"/>
/// stands for words that are not here, and <see cref="Begin"/> and <see cref="End"/> go around a sentence.
/// </summary>
public sealed class WordVocabulary
{
    /// <summary>The number of &lt;pad&gt;.</summary>
    public const int Pad = 0;

    /// <summary>The number of &lt;unk&gt;.</summary>
    public const int Unknown = 1;

    /// <summary>The number of &lt;s&gt;.</summary>
    public const int Begin = 2;

    /// <summary>The number of &lt;/s&gt;.</summary>
    public const int End = 3;

    static readonly string[] marks = ["<pad>", "<unk>", "<s>", "</s>"];
    static readonly JsonSerializerOptions readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string[] words;
    readonly Dictionary<string, int> numbers = [];

    WordVocabulary(IEnumerable<string> words)
    {
        this.words = [.. words];
        for (int i = 0; i < this.words.Length; i++) numbers.Add(this.words[i], i);
    }

    /// <summary>How many numbers there are; the four marks count.</summary>
    public int Size => words.Length;

    /// <summary>The words by their numbers, the four marks first.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>
    /// Numbers the words of sentences: the most frequent first, those as frequent as each other by their UTF-16 code units.
    /// </summary>
    /// <param name="sentences">Sentences, each as its words. A word that looks like a mark counts as the mark.</param>
    /// <param name="leastCount">How often a word must occur; at least 1.</param>
    /// <param name="mostWords">The greatest size, with the four marks.</param>
    /// <exception cref="BadArgumentException">A word need not occur, or there is no room for the marks.</exception>
    public static WordVocabulary Of(IEnumerable<IEnumerable<string>> sentences, int leastCount = 1, int mostWords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        Limits.AtLeast(leastCount, 1, "How often a word must occur");
        Limits.AtLeast(mostWords, marks.Length, "The greatest size of a vocabulary, with its marks,");
        IEnumerable<string> frequent = WordsOf(sentences).CountBy(word => word)
            .Where(counted => counted.Value >= leastCount && !marks.Contains(counted.Key))
            .OrderByDescending(counted => counted.Value).ThenBy(counted => counted.Key, StringComparer.Ordinal)
                .Select(counted => counted.Key);
        return new([.. marks, .. frequent.Take(mostWords - marks.Length)]);
    }

    static IEnumerable<string> WordsOf(IEnumerable<IEnumerable<string>> sentences) =>
        sentences.SelectMany(sentence => Limits.Given(sentence, nameof(sentences))).Select(word => Limits.Given(word, nameof(sentences)));

    /// <summary>The number of a word; <see cref="Unknown"/> if it is not here.</summary>
    public int NumberOf(string word) => numbers.GetValueOrDefault(Limits.Given(word, nameof(word)), Unknown);

    /// <summary>The numbers of words; no marks are added.</summary>
    public int[] Encode(IEnumerable<string> sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return [.. sentence.Select(NumberOf)];
    }

    /// <summary>The words of numbers up to the first &lt;/s&gt;, without &lt;s&gt; and &lt;pad&gt;.</summary>
    /// <exception cref="BadArgumentException">There is no such number.</exception>
    public string[] Decode(IEnumerable<int> encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return [.. encoded.TakeWhile(number => number != End).Where(number => number is not (Pad or Begin))
            .Select(number => words[Limits.Index(number, Size, "The number of a word")])];
    }

    /// <summary>The share of the words of sentences that are not here; 0 of no words.</summary>
    public double ShareUnknown(IEnumerable<IEnumerable<string>> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        (long unknown, long total) = (0, 0);
        foreach (string word in WordsOf(sentences))
        {
            total++;
            if (!numbers.ContainsKey(word)) unknown++;
        }
        return total == 0 ? 0 : (double)unknown / total;
    }

    /// <summary>Writes {"words": [...]} in the order of their numbers.</summary>
    /// <exception cref="BadFileException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new { words }, readable));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="BadFileException">The file cannot be read, or is something else.</exception>
    public static WordVocabulary Load(string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(InputFile.ReadAll(path));
            string[] read = [.. json.RootElement.GetProperty("words").EnumerateArray().Select(word => word.GetString() ?? "")];
            bool whole = read.Take(marks.Length).SequenceEqual(marks) && read.Distinct().Count() == read.Length && !read.Contains("");
            return whole ? new(read) : throw new InvalidOperationException("The words are not as expected.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadFileException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BadFileException(
                $"'{path}' is no vocabulary: expected {{\"words\": [...]}}, first {string.Join(", ", marks)}, then each word once.", e);
        }
    }
}
