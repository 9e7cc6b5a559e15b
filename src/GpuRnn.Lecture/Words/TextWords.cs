using System.Text;
using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Sentiment;

namespace GpuRnn.Lecture.Words;

/// <summary>
/// The words of a file, one after another and line by line: the file may be larger than memory, its different words may not.
/// </summary>
public sealed class TextWords(TextLines lines, CancellationToken cancel)
{
    /// <summary>How often each word occurs.</summary>
    public Dictionary<string, long> Counts { get; } = [];
    /// <summary>How often each character (Unicode code point) occurs; line ends are none.</summary>
    public Dictionary<Rune, long> Characters { get; } = [];
    public long Total { get; private set; }

    /// <summary>
    /// Of the words, those to make a vocabulary of: nine tenths from the beginning. The others are there to see what it lacks.
    /// </summary>
    public long First => Total * 9 / 10;

    /// <summary>Reads the file through and counts.</summary>
    /// <exception cref="GpuRnnException">It has no words.</exception>
    public static TextWords Count(TextLines lines, Action<double> progress, CancellationToken cancel)
    {
        TextWords words = new(lines, cancel);
        for (int i = 0; i < lines.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            string line = lines[i];
            foreach (Rune character in line.EnumerateRunes())
                words.Characters[character] = words.Characters.GetValueOrDefault(character) + 1;
            foreach (string word in Tokens.Of(line))
            {
                words.Counts[word] = words.Counts.GetValueOrDefault(word) + 1;
                words.Total++;
            }
            if (i % 1000 == 0) progress((double)i / lines.Count);
        }
        return words.Total > 0 ? words : throw new GpuRnnException($"'{lines.Path}' has no words.");
    }

    /// <summary>All words in their order, read again.</summary>
    public IEnumerable<string> InOrder()
    {
        for (int i = 0; i < lines.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (string word in Tokens.Of(lines[i])) yield return word;
        }
    }
}
