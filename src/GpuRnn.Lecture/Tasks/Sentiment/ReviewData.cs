using System.Security.Cryptography;
using System.Text;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>
/// Reviews in four portions: to train on, to watch, to judge by, and long ones to judge by. Read when they are asked for.
/// </summary>
sealed class ReviewData : IDisposable
{
    const int MostRest = 4_000;

    readonly Func<int, Review> training;
    readonly IDisposable? file;

    ReviewData(
        string name, string hash, string[] labels,
        WordVocabulary vocabulary, int[] lengths,
        Func<int, Review> training, Review[] validation, Review[] test,
        Review[] longer, string longName, IDisposable? file)
    {
        (Name, Hash, Labels, Vocabulary, Lengths, this.training, Validation, Test, Longer, LongName, this.file) =
            (name, hash, labels, vocabulary, lengths, training, validation, test, longer, longName, file);
    }

    public string Name { get; }
    public string Hash { get; }
    public string[] Labels { get; }
    public WordVocabulary Vocabulary { get; }
    /// <summary>About the length of each review to train on.</summary>
    public int[] Lengths { get; }
    public Review[] Validation { get; }
    public Review[] Test { get; }
    /// <summary>Reviews longer than most, or than all that were trained on.</summary>
    public Review[] Longer { get; }
    public string LongName { get; }

    public Review Training(int index) => training(index);

    public static ReviewData Load(string? path, int seed, int drawn, CancellationToken cancel = default) =>
        path is null ? OfGrammar(seed, drawn, cancel) : OfFile(path, seed, cancel);

    static ReviewData OfGrammar(int seed, int drawn, CancellationToken cancel)
    {
        Review[] Draw(int portion, int count, bool isLong = false) =>
            [.. Enumerable.Range(0, count).WithCancellation(cancel).Select(i => ReviewGrammar.Draw(3 * seed + portion, i, isLong))];
        int rest = Math.Min(MostRest, drawn);
        Review[] training = Draw(0, drawn);
        return new(
            "the review grammar", $"reviews-{seed}-{drawn}",
            ["negative", "positive"],
            WordVocabulary.Of(training.WithCancellation(cancel).Select(r => r.Words)),
            [.. training.Select(r => r.Words.Length)],
            i => training[i],
            Draw(1, rest), Draw(2, rest), Draw(2, rest, isLong: true),
            $"longer than any that was trained on ({ReviewGrammar.ShortWords} words)", null);
    }

    static ReviewData OfFile(string path, int seed, CancellationToken cancel)
    {
        TextLines lines = TextLines.Open(path, cancel: cancel);
        try
        {
            Split split = new(seed);
            SortedSet<string> labels = new(StringComparer.Ordinal);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (int i in Enumerable.Range(0, lines.Count).WithCancellation(cancel))
            {
                labels.Add(Parse(lines, i).Label);
                hash.AppendData(Encoding.UTF8.GetBytes(lines[i] + "\n"));
                if (labels.Count > 1000)
                    throw new GpuRnnException(
                        $"{lines.Where(i)} has the 1001st label, '{labels.Max}'; "
                        + $"expected LABEL<TAB>TEXT with a few labels.");
            }
            if (labels.Count < 2)
                throw new GpuRnnException($"'{path}': all {lines.Count} lines have the label '{labels.First()}'; expected at least two.");
            string[] names = [.. labels];
            Review Read(int line) => Parse(lines, line) is var (label, words) ? new(words, Array.IndexOf(names, label)) : default;
            int[] training = split.Items(lines.Count, Portion.Training);
            Review[] validation = [.. split.Items(lines.Count, Portion.Validation).WithCancellation(cancel).Select(Read)],
                test = [.. split.Items(lines.Count, Portion.Test).WithCancellation(cancel).Select(Read)];
            if (training.Length == 0 || validation.Length == 0 || test.Length < 10)
                throw new GpuRnnException(
                    $"'{path}' has {lines.Count} lines: too few to train on, to watch and to judge by. At least about 200 are needed.");
            Review[] longer = [.. test.OrderByDescending(r => r.Words.Length).Take(test.Length / 10)];
            WordVocabulary vocabulary =
                WordVocabulary.Of(training.WithCancellation(cancel).Select(i => Parse(lines, i).Words), leastCount: 2, mostWords: 20_000);
            return new(
                Path.GetFileName(path),
                Convert.ToHexStringLower(hash.GetHashAndReset())[..16],
                names, vocabulary,
                [.. training.Select(i => (int)Math.Min(int.MaxValue, lines.BytesOf(i)))],
                i => Read(training[i]), validation, test, longer, "the longest tenth of the reviews", lines);
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    static (string Label, string[] Words) Parse(TextLines lines, int line)
    {
        string[] parts = lines[line].Split('\t');
        if (parts.Length != 2) throw new GpuRnnException($"{lines.Where(line)} has {parts.Length - 1} tabs; expected LABEL<TAB>TEXT.");
        string[] words = Tokens.Of(parts[1]);
        if (parts[0].Trim().Length == 0)
            throw new GpuRnnException($"{lines.Where(line)} has no label before its tab; expected LABEL<TAB>TEXT.");
        if (words.Length == 0) throw new GpuRnnException($"{lines.Where(line)} has no text after its tab; expected LABEL<TAB>TEXT.");
        return (parts[0].Trim(), words);
    }

    public void Dispose() => file?.Dispose();
}
