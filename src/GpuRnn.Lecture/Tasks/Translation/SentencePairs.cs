using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>
/// The pairs of a UTF-8 file with one pair a line, source and translation with a tab between them. The file may be larger than memory:
/// a pair is read when it is asked for.
/// </summary>
sealed class SentencePairs : IDisposable
{
    readonly TextLines lines;

    SentencePairs(TextLines lines) => this.lines = lines;

    public int Count => lines.Count;

    /// <summary>Opens a file and looks at every line of it once.</summary>
    /// <exception cref="GpuRnnException">The file cannot be read or is empty, or a line is no pair; the message names the first such
    /// line.</exception>
    public static SentencePairs Read(string path, CancellationToken cancel = default)
    {
        SentencePairs pairs = new(TextLines.Open(path, cancel: cancel));
        try
        {
            foreach (int line in Enumerable.Range(0, pairs.Count).WithCancellation(cancel)) _ = pairs[line];
            return pairs;
        }
        catch
        {
            pairs.Dispose();
            throw;
        }
    }

    /// <summary>A pair, with single spaces between its words.</summary>
    /// <param name="line">From 0.</param>
    public SentencePair this[int line]
    {
        get
        {
            string[] sides = lines[line].Split('\t');
            if (sides.Length != 2) throw Bad(line, sides.Length == 1 ? "has no tab" : $"has {sides.Length - 1} tabs");
            string source = Tidy(sides[0]), target = Tidy(sides[1]);
            if (source.Length == 0) throw Bad(line, "has nothing before the tab");
            return target.Length == 0 ? throw Bad(line, "has nothing after the tab") : new(source, target);
        }
    }

    static string Tidy(string side) => string.Join(' ', SentencePair.Words(side));

    GpuRnnException Bad(int line, string what) => new($"{lines.Where(line)} {what}: expected a sentence, one tab and its translation.");

    public void Dispose() => lines.Dispose();
}
