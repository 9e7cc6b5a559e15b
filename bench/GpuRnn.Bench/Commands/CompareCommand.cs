using System.CommandLine;
using System.Text.Json;
using GpuRnn.Bench.Comparing;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;
using GpuRnn.Programs;

namespace GpuRnn.Bench.Commands;

/// <summary>`compare`: what `gpurnn bench --json` wrote before a change and after it. bench/compare makes the files.</summary>
static class CompareCommand
{
    const double DefaultLeast = 0.95;
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        Argument<string[]> files = new("files")
        {
            Description = "OLD.json NEW.json, and again for each further round.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<double> least = new("--least")
        {
            Description = $"Exit code 1 where a ratio, of shares or of speeds, is below this ({DefaultLeast}).",
            DefaultValueFactory = _ => DefaultLeast,
        };
        Option<bool> json = new("--json") { Description = "JSON on standard output." };
        Command compare = new("compare", "Compare results of gpurnn bench --json before and after a change.") { files, least, json };
        compare.SetAction(parse =>
        {
            string[] paths = parse.GetValue(files)!;
            if (paths.Length % 2 != 0)
                throw new GpuRnnException(
                    $"The number of files, {paths.Length}, is odd: OLD.json NEW.json, and again for each further round.");
            List<EngineResult>[] runs = [.. paths.Select(ResultFile.Read<List<EngineResult>>)];
            List<ComparedPass> passes = ComparedPass.Of([.. runs.Where((_, i) => i % 2 == 0)], [.. runs.Where((_, i) => i % 2 == 1)]);
            Console.WriteLine(parse.GetValue(json) ? JsonSerializer.Serialize(passes, s_json) : TableOf(passes));
            return Judge(passes, parse.GetValue(least));
        });
        return compare;
    }

    static MarkdownTable TableOf(List<ComparedPass> passes)
    {
        MarkdownTable table =
            new("pass", "T, B, I, H", "old share", "new share", "new / old", "old, best ms", "new, best ms", "speed, new / old");
        foreach (ComparedPass p in passes)
            table.Add($"{p.Device} {p.Cell} {p.Pass}", $"{p.T}, {p.B}, {p.I}, {p.H}", Figure.Percent(p.OldShare),
                Figure.Percent(p.NewShare),
                Figure.Ratio(p.ShareRatio), Figure.Of(p.OldSeconds * 1e3), Figure.Of(p.NewSeconds * 1e3), Figure.Ratio(p.SpeedRatio));
        table.Add("geometric mean", "", "", "", Figure.Ratio(Figure.GeometricMean(passes.Select(p => p.ShareRatio))), "", "",
            Figure.Ratio(Figure.GeometricMean(passes.Select(p => p.SpeedRatio))));
        return table;
    }

    static int Judge(List<ComparedPass> passes, double least)
    {
        List<ComparedPass> slower = passes.FindAll(p => !(p.ShareRatio >= least && p.SpeedRatio >= least)); // not a number is not enough
        foreach (ComparedPass p in slower)
            Console.Error.WriteLine($"slower: {p.Device} {p.Cell} {p.Pass} {p.T},{p.B},{p.I},{p.H}: share {Figure.Ratio(p.ShareRatio)}, " +
                $"speed {Figure.Ratio(p.SpeedRatio)} of the old; at least {least} is asked for");
        return slower.Count > 0 ? ExitCode.Failed : 0;
    }
}
