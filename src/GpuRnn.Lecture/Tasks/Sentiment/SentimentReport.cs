using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Metrics;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>How well verdicts were found, where they were not, and how a verdict comes about along a review.</summary>
sealed class SentimentReport(RunOutcome outcome, ReviewData data, Func<Review, double[][]> running)
{
    const int Worst = 8;

    public void Write(double[][] test, double[][] longer)
    {
        ConfusionMatrix all = Matrix(data.Test, test), onLong = Matrix(data.Longer, longer);
        outcome.Measure("accuracy", "accuracy", all.Accuracy, $"of {data.Test.Length:N0} reviews");
        outcome.Measure("accuracy, long reviews", "accuracy_long", onLong.Accuracy, data.LongName);
        outcome.Metrics["vocabulary"] = data.Vocabulary.Size;
        outcome.Metrics["unknown_words"] = data.Vocabulary.ShareUnknown(data.Test.Select(r => r.Words));
        outcome.Metrics["confusion"] = Enumerable.Range(0, all.Classes).Select(a => Enumerable.Range(0, all.Classes).Select(p => all[a, p]))
            .ToArray();
        double[,] shares = new double[all.Classes, all.Classes];
        for (int a = 0; a < all.Classes; a++)
            for (int p = 0; p < all.Classes; p++)
                shares[a, p] = all[a, p] / Math.Max(1.0, Enumerable.Range(0, all.Classes).Sum(i => all[a, i]));
        if (all.Classes <= 20)
            outcome.Chart(outcome.Section("Which verdict was taken for which"),
                new HeatMap("Share of each row", shares, data.Labels, data.Labels)
                { XLabel = "verdict of the model", YLabel = "true verdict", CellFormat = "0.000", Range = new(0, 1) }, "confusion.png");
        Along();
        WorstOf(test);
    }

    ConfusionMatrix Matrix(Review[] reviews, double[][] chances)
    {
        ConfusionMatrix matrix = new(data.Labels.Length);
        for (int i = 0; i < reviews.Length; i++) matrix.Add(reviews[i].Label, Best(chances[i]));
        return matrix;
    }

    static int Best(double[] chances) => Array.IndexOf(chances, chances.Max());

    /// <summary>The lecture's sentence and some of the test set, with the verdict after each word.</summary>
    void Along()
    {
        ReportSection section = outcome.Section("The verdict along a review");
        if (data.Labels.Length != 2) return;
        section.Text(
            $"The colour of a word is the verdict after it: orange for {data.Labels[0]}, blue for {data.Labels[1]}. "
            + $"It turns at negations and contrasts.");
        Review lecture = new("there is nothing to like in this movie .".Split(' '), 0);
        Review[] shown = [lecture, .. data.Test.Where(r => r.Words.Length is > 12 and < 40).Take(4), .. data.Longer.Take(1)];
        List<Series> lines = [];
        foreach (Review review in shown)
        {
            double[] verdict = [.. running(review).Select(p => p[1])];
            section.Marked(new([.. review.Words.TakeLast(verdict.Length).Select((w, i) => new MarkedWord(w, 2 * verdict[i] - 1))]));
            if (lines.Count < 3)
                lines.Add(new(string.Join(' ', review.Words.Take(6)) + " ...", [.. verdict.Select((_, i) => i + 1.0)], verdict));
        }
        outcome.Chart(section,
            new LineChart($"Chance of '{data.Labels[1]}' after each word", "word", "chance", lines) { YLimits = new(0, 1) }, "running.png");
    }

    void WorstOf(double[][] test)
    {
        ReportSection section = outcome.Section("Where it was most wrong");
        int[] worst = [.. Enumerable.Range(0, test.Length).OrderBy(i => test[i][data.Test[i].Label]).Take(Worst)];
        section.Table(["true verdict", "its chance", "review"],
            [.. worst.Select(i => (IReadOnlyList<string>)
            [
                data.Labels[data.Test[i].Label],
                test[i][data.Test[i].Label].ToString("F3", CultureInfo.InvariantCulture),
                string.Join(' ', data.Test[i].Words)
            ])]);
        outcome.Sample = string.Join('\n', worst.Take(3).Select(i =>
            $"{data.Labels[data.Test[i].Label]} ({test[i][data.Test[i].Label]:F3})"
            + $": {string.Join(' ', data.Test[i].Words)}"));
    }
}
