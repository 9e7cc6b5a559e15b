using System.CommandLine;
using GpuRnn.Data;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Words;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn vocabulary FILE`: the words of a text, and how many of them a vocabulary needs.</summary>
static class VocabularyCommand
{
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
        Command command = new("vocabulary", VocabularyStudy.Description) { file, size, output, json };
        command.SetAction((parse, cancel) =>
        {
            int most = OptionLimits.Whole(parse.GetValue(size), "--size", Coverage.Marks + 1, OptionLimits.Many); // the marks are no words
            using TextLines lines = TextLines.Open(parse.GetValue(file)!, cancel: cancel);
            VocabularyStudy study = new(lines, most, new(parse.GetValue(output)!));
            RunOutcome outcome = null!;
            Screen.Progress(parse.GetValue(json), say => outcome = study.Run(say, cancel));
            OutcomeScreen.Show(outcome, parse.GetValue(json));
            return Task.FromResult(0);
        });
        return command;
    }
}
