using System.Security.Cryptography;
using System.Text;
using GpuRnn.Interop;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>
/// A text in three parts: 90% to train on, 5% to watch, 5% to judge by. Built in is the travel grammar, whose entropy is known.
/// </summary>
public sealed class TextCorpus
{
    const int MostBytes = 1_000_000_000; // a string has no room for more, and all of it is in memory
    const int BuiltInTraining = 1_800_000, BuiltInRest = 60_000;

    TextCorpus(string name, string training, string validation, string test, TravelGrammar? grammar, CancellationToken cancel)
    {
        (Name, Validation, Test, Grammar) = (name, validation, test, grammar);
        Vocabulary = Vocabulary.Of(training + validation + test, cancel);
        TrainingCodes = Vocabulary.Encode(training, "The text", cancel);
        ValidationCodes = Vocabulary.Encode(validation, "The text", cancel);
        TestCodes = Vocabulary.Encode(test, "The text", cancel);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(training + validation + test)))[..16];
    }

    public string Name { get; }
    public string Validation { get; }
    public string Test { get; }
    public int[] TrainingCodes { get; }
    public int[] ValidationCodes { get; }
    public int[] TestCodes { get; }
    public Vocabulary Vocabulary { get; }
    /// <summary>Set for the built-in text.</summary>
    public TravelGrammar? Grammar { get; }
    /// <summary>Tells texts apart when a run goes on.</summary>
    public string Hash { get; }

    public static TextCorpus Load(string? path, int seed, CancellationToken cancel = default)
    {
        if (path is null)
        {
            // three seeds: no sentence stream continues another
            TravelGrammar grammar = TravelGrammar.Default;
            return new(
                "travel grammar",
                grammar.Generate(3 * seed, BuiltInTraining),
                grammar.Generate(3 * seed + 1, BuiltInRest),
                grammar.Generate(3 * seed + 2, BuiltInRest),
                grammar, cancel);
        }
        string text = Read(path);
        int[] starts = [.. RuneStarts(text).WithCancellation(cancel)];
        if (starts.Length < 1000)
            throw new GpuRnnException($"'{path}' has {starts.Length} characters; a model needs at least 1000 to learn from.");
        int first = starts[(int)(starts.Length * 0.9)], second = starts[(int)(starts.Length * 0.95)];
        return new(Path.GetFileName(path), text[..first], text[first..second], text[second..], null, cancel);
    }

    static IEnumerable<int> RuneStarts(string text)
    {
        for (int i = 0; i < text.Length; i += char.IsHighSurrogate(text[i]) ? 2 : 1) yield return i;
    }

    public static string Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = InputFile.ReadAll(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
        if (bytes.Length > MostBytes)
            throw new GpuRnnException(
                $"'{path}' has {bytes.Length} bytes; a text to learn from has at most {MostBytes}. Take a part of it.");
        if (Utf8Text.Fault(bytes) is { } fault) throw new GpuRnnException($"'{path}' {fault}");
        return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
    }
}
