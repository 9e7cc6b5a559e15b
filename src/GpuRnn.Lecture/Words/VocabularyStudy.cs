using System.Globalization;
using GpuRnn.Data;
using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Words;

/// <summary>`gpurnn vocabulary` once its options are settled: words counted, a vocabulary made of them, and what it is worth.</summary>
public sealed class VocabularyStudy
{
    public const string Description = "The words of a text, and what a vocabulary of the most frequent ones is worth.";

    readonly TextLines lines;
    readonly int size;
    readonly RunFolder folder;

    /// <param name="lines">The text.</param>
    /// <param name="size">Numbers that the vocabulary has, marks among them.</param>
    /// <param name="folder">Where vocabulary.json, metrics, picture and report go.</param>
    /// <exception cref="GpuRnnException">The folder holds a trained model.</exception>
    public VocabularyStudy(TextLines lines, int size, RunFolder folder)
    {
        (this.lines, this.size, this.folder) = (lines, size, folder);
        folder.RefuseRun();
    }

    /// <summary>Measures and writes.</summary>
    /// <param name="say">How far it is, from 0 to 1, and with what.</param>
    /// <param name="cancel">Ends it soon; then nothing is written.</param>
    public RunOutcome Run(Action<double, string> say, CancellationToken cancel)
    {
        RunOutcome outcome = new(folder, new("vocabulary", Description)) { Metrics = { ["file"] = Path.GetFileName(lines.Path) } };
        TextWords words = TextWords.Count(lines, share => say(share / 3, "words are counted"), cancel);
        say(1.0 / 3, "the vocabulary");
        WordVocabulary vocabulary = WordVocabulary.Of([words.InOrder()], mostWords: size);
        say(2.0 / 3, "the last tenth");
        Coverage itself = Coverage.OfItself(words), lastTenth = Coverage.OfLastTenth(words);
        folder.Make();
        vocabulary.Save(Path.Combine(folder.Path, "vocabulary.json"));
        outcome.Files.Add("vocabulary.json");
        VocabularyReport.Write(outcome, words, size, vocabulary.Size, itself, lastTenth);
        outcome.Save(string.Create(CultureInfo.InvariantCulture, $"gpurnn vocabulary {Shell.Quote(lines.Path)} --size {size}"));
        return outcome;
    }
}
