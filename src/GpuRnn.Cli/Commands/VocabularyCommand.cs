using System.CommandLine;
using System.Globalization;
using GpuRnn.Cli.Reports;
using GpuRnn.Cli.Tasks.Training;
using GpuRnn.Cli.Tasks.Words;
using GpuRnn.Data;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn vocabulary FILE`: the words of a text, and how many of them a vocabulary needs.</summary>
static class VocabularyCommand
{
    const string Lecture = "The words of a text, and what a vocabulary of the most frequent ones is worth.";

    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A UTF-8 text file." };
        Option<int> size = new("--size")
        {
            Description = "Numbers that the vocabulary has, the marks for unknown words, padding, beginning and end among them (10000).",
            DefaultValueFactory = _ => 10_000
        };
        Option<string> output = new("--out")
        {
            Description = "Folder for vocabulary.json, metrics, picture and report (runs/vocabulary).",
            DefaultValueFactory = _ => Path.Combine("runs", "vocabulary")
        };
        Option<bool> json = new("--json") { Description = "Metrics as JSON on standard output." };
        Command command = new("vocabulary", Lecture) { file, size, output, json };
        command.SetAction((parse, cancel) =>
        {
            int most = OptionLimits.Whole(parse.GetValue(size), "--size", Coverage.Marks + 1, OptionLimits.Many); // the marks are no words
            using TextLines lines = TextLines.Open(parse.GetValue(file)!, cancel);
            RunFolder folder = new(parse.GetValue(output)!);
            folder.RefuseRun();
            HtmlReport report = new("vocabulary", Lecture);
            RunOutcome outcome = new(folder, report) { Metrics = { ["file"] = Path.GetFileName(lines.Path) } };
            Screen.Progress(parse.GetValue(json), say => Measure(outcome, folder, lines, most, say, cancel));
            outcome.Save(string.Create(CultureInfo.InvariantCulture, $"gpurnn vocabulary {TrainingSession.Quote(lines.Path)} --size {most}"));
            outcome.Show(parse.GetValue(json));
            return Task.FromResult(0);
        });
        return command;
    }

    static void Measure(RunOutcome outcome, RunFolder folder, TextLines lines, int size, Action<double, string> say, CancellationToken cancel)
    {
        TextWords words = TextWords.Count(lines, cancel, share => say(share / 3, "words are counted"));
        say(1.0 / 3, "the vocabulary");
        WordVocabulary vocabulary = WordVocabulary.Of([words.InOrder()], mostWords: size);
        say(2.0 / 3, "the last tenth");
        Coverage itself = Coverage.OfItself(words), lastTenth = Coverage.OfLastTenth(words);
        folder.Make();
        vocabulary.Save(Path.Combine(folder.Path, "vocabulary.json"));
        outcome.Files.Add("vocabulary.json");
        VocabularyReport.Write(outcome, words, size, vocabulary.Size, itself, lastTenth);
    }
}
