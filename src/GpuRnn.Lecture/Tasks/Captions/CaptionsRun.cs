using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Pairs;
using GpuRnn.Metrics;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>Captions, and how many of them are right.</summary>
sealed class CaptionsRun(Device device, TrainOptions options, CaptionData data) : PairRun(device, options, data)
{
    const int Sheet = 24;

    public override void Judge(RunOutcome outcome)
    {
        string[][] found = [.. Search(data.Test, RunOptions.Whole(Beam)).Select(f => data.Target.Decode(f.Indices))];
        string[][] right = [.. data.TestPictures.Select(p => CaptionData.Words(p.Caption))];
        bool[] exact = [.. found.Select((f, i) => f.SequenceEqual(right[i]))];
        outcome.Measure("exact match", "exact_match", exact.Average(e => e ? 1.0 : 0), $"of {exact.Length:N0} scenes not seen");
        outcome.Measure("BLEU-4", "bleu4", Bleu.Of(found, right).Score, "from 0 to 1");
        outcome.Metrics["beam"] = RunOptions.Whole(Beam);
        int[] wrong = [.. Enumerable.Range(0, exact.Length).Where(i => !exact[i])],
            good = [.. Enumerable.Range(0, exact.Length).Where(i => exact[i])];
        int[] shown = [.. good.Take(Sheet - Math.Min(8, wrong.Length)), .. wrong.Take(8)];
        SheetPicture[] pictures =
            [.. shown.Select(i => new SheetPicture(data.TestPictures[i].Picture, string.Join(' ', found[i]), exact[i]))];
        outcome.Chart(
            outcome.Section("Captions of scenes that were not seen")
                .Text("Captions that are wrong come last, more of them than their share."),
            new ImageSheet("Captions", pictures), "captions.png");
        outcome.Section("Where it was wrong").Table(
            ["caption", "what is right"],
            [.. wrong.Take(12).Select(i => (IReadOnlyList<string>)[string.Join(' ', found[i]), string.Join(' ', right[i])])]);
        Attention(outcome, good.Length > 0 ? good[0] : 0);
        outcome.Sample = string.Join('\n', shown.TakeLast(4).Select(i =>
            $"{string.Join(' ', found[i])}"
            + $"{(exact[i] ? "" : $"   (right: {data.TestPictures[i].Caption})")}"));
    }

    void Attention(RunOutcome outcome, int index)
    {
        Example example = data.Test[index];
        outcome.Chart(
            outcome.Section("Where the decoder looks")
                .Text(
                    $"Columns are the 5 x 5 windows of the picture '{data.TestPictures[index].Caption}', row by row from the top; "
                    + $"rows are the words as they are written."),
            new HeatMap("Attention", Looks(example), [.. data.Target.Decode(example.Target).Append("(end)")], [])
            { XLabel = "window", YLabel = "written" }, "attention.png");
    }
}
