using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Pairs;
using GpuRnn.Metrics;
using GpuRnn.Models;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>Translations, and how many of them are right.</summary>
sealed class TranslationRun(Device device, TrainOptions options, TranslationData data) : PairRun(device, options, data)
{
    public override void Judge(RunOutcome outcome)
    {
        int beam = RunOptions.Whole(Beam);
        string[][] greedy = Words(Search(data.Test, 1)), found = beam == 1 ? greedy : Words(Search(data.Test, beam));
        string[][] right = [.. data.TestPairs.Select(p => p.TargetWords.ToArray())];
        bool[] exact = [.. found.Select((f, i) => f.SequenceEqual(right[i]))];
        Bleu bleu = Bleu.Of(found, right);
        outcome.Measure("exact match", "exact_match", exact.Average(e => e ? 1.0 : 0), $"of {exact.Length:N0} sentences not seen");
        outcome.Measure("BLEU-4", "bleu4", bleu.Score, "from 0 to 1");
        outcome.Metrics["exact_match_greedy"] = greedy.Select((f, i) => f.SequenceEqual(right[i]) ? 1.0 : 0).Average();
        outcome.Metrics["bleu4_greedy"] = Bleu.Of(greedy, right).Score;
        (outcome.Metrics["beam"], outcome.Metrics["brevity_penalty"]) = (beam, bleu.BrevityPenalty);
        ByLength(outcome, exact, found, right);
        Examples(outcome, exact, found, right);
        Attention(outcome);
    }

    string[][] Words(Hypothesis[] found) => [.. found.Select(f => data.Target.Decode(f.Indices))];

    void ByLength(RunOutcome outcome, bool[] exact, string[][] found, string[][] right)
    {
        (string Name, int[] Sentences)[] groups = [.. Enumerable.Range(0, exact.Length)
            .GroupBy(i => (data.TestPairs[i].SourceWords.Length - 1) / 4).OrderBy(g => g.Key)
            .Select(g => ($"{g.Key * 4 + 1}-{g.Key * 4 + 4}", g.ToArray()))];
        double[] shares = [.. groups.Select(g => g.Sentences.Average(i => exact[i] ? 1.0 : 0))],
            errors = [.. groups.Zip(shares, (g, p) => Math.Sqrt(p * (1 - p) / g.Sentences.Length))];
        double[] bleu =
            [.. groups.Select(g =>
            Bleu.Of(g.Sentences.Select(i => found[i]).ToArray(), g.Sentences.Select(i => right[i]).ToArray()).Score)];
        outcome.Metrics["by_length"] = groups.Select((g, i) => new
        {
            words = g.Name, sentences = g.Sentences.Length,
            exact_match = shares[i], bleu4 = bleu[i]
        });
        outcome.Chart(outcome.Section("By length"),
            new BarChart("Exact match by words of the source", "share", [.. groups.Select(g => g.Name)],
                new BarSeries("exact match",
                    shares)
                { Band = new([.. shares.Zip(errors, (s, e) => s - e)], [.. shares.Zip(errors, (s, e) => s + e)]) })
            { ValueLimits = new(0, 1) },
            "by-length.png");
    }

    void Examples(RunOutcome outcome, bool[] exact, string[][] found, string[][] right)
    {
        int[] wrong = [.. Enumerable.Range(0, exact.Length).Where(i => !exact[i]).Take(8)],
            good = [.. Enumerable.Range(0, exact.Length).Where(i => exact[i]).OrderByDescending(i => right[i].Length).Take(4)];
        IReadOnlyList<string> Row(int i) =>
            [data.TestPairs[i].Source, string.Join(' ', found[i]), exact[i] ? "right" : string.Join(' ', right[i])];
        outcome.Section("Translations").Table(["source", "translation", "what is right"], [.. good.Concat(wrong).Select(Row)]);
        outcome.Sample = string.Join('\n',
            good.Take(2).Concat(wrong.Take(2))
                .Select(i =>
                    $"{data.TestPairs[i].Source}\n  {string.Join(' ', found[i])}"
                    + $"{(exact[i] ? "" : $"   (right: {string.Join(' ', right[i])})")}"));
    }

    /// <summary>Where the decoder looks, of a sentence of middle length.</summary>
    void Attention(RunOutcome outcome)
    {
        int shown = Enumerable.Range(0, data.Test.Count).OrderBy(i => Math.Abs(data.Test[i].Steps - 11)).First();
        Example example = data.Test[shown];
        ReportSection section = outcome.Section("Where the decoder looks")
            .Text(
                "Each row is a word that is written, each column a word that was read: "
                + "where the order changes, the bright cells leave the diagonal.");
        outcome.Chart(section, new HeatMap("Attention", Looks(example),
            [.. data.Target.Decode(example.Target).Append("(end)")],
            [.. data.TestPairs[shown].SourceWords.Take(example.Steps)])
        { XLabel = "read", YLabel = "written", Range = new(0, 1) }, "attention.png");
        outcome.Metrics["attention_sentence"] = string.Create(CultureInfo.InvariantCulture, $"{data.TestPairs[shown].Source}");
    }
}
