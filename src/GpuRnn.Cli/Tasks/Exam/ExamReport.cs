using System.Globalization;
using GpuRnn.Cli.Reports;
using GpuRnn.Cli.Tasks.Training;

namespace GpuRnn.Cli.Tasks.Exam;

/// <summary>How well chances to pass were foretold.</summary>
static class ExamReport
{
    const int Bins = 10;

    /// <summary>The mean of -log of what was foretold for what came, in nats.</summary>
    public static double LogLoss(Student[] students, double[] pass) =>
        students.Select((s, i) => -Math.Log(Math.Max(1e-15, s.Passed ? pass[i] : 1 - pass[i]))).Average();

    public static void Write(RunOutcome outcome, ExamData data, double[] pass, double? lawLoss)
    {
        Student[] test = data.Test;
        outcome.Measure("accuracy", "accuracy", test.Where((s, i) => pass[i] >= 0.5 == s.Passed).Count() / (double)test.Length,
            data.Known ? "share that is right" : "", data.Known ? $"the law's {Accuracy(test):F4}" : "");
        outcome.Measure("log loss", "log_loss", LogLoss(test, pass), "nats a student", lawLoss is double l ? $"the law's {l:F4}" : "");
        if (lawLoss is double law) outcome.Metrics["law_log_loss"] = law;
        double[] centre = new double[Bins], observed = new double[Bins], error = new double[Bins];
        int[] count = new int[Bins];
        for (int i = 0; i < test.Length; i++)
        {
            int bin = Math.Min(Bins - 1, (int)(pass[i] * Bins));
            count[bin]++;
            centre[bin] += pass[i];
            observed[bin] += test[i].Passed ? 1 : 0;
        }
        int[] full = [.. Enumerable.Range(0, Bins).Where(b => count[b] > 0)];
        foreach (int b in full)
        {
            (centre[b], observed[b]) = (centre[b] / count[b], observed[b] / count[b]);
            error[b] = 2 * Math.Sqrt(Math.Max(observed[b] * (1 - observed[b]), 1.0 / count[b]) / count[b]);
        }
        double calibration = full.Sum(b => count[b] * Math.Abs(centre[b] - observed[b])) / test.Length;
        outcome.Metrics["calibration_error"] = calibration;
        ReportSection section = outcome.Section("Calibration").Text(string.Create(CultureInfo.InvariantCulture,
            $"Of the students that get a chance of p, a share of p should pass. Bands are two standard errors; the mean distance from the diagonal is {calibration:F4}."));
        outcome.Chart(section, new LineChart("Calibration", "foretold chance to pass", "share that passed",
            new Series("this model", [.. full.Select(b => centre[b])], [.. full.Select(b => observed[b])])
            {
                Band = new([.. full.Select(b => Math.Max(0, observed[b] - error[b]))], [.. full.Select(b => Math.Min(1, observed[b] + error[b]))]),
            },
            new Series("perfect", [0, 1], [0, 1]) { Style = SeriesStyle.Dashed }) { YLimits = new(0, 1) }, "calibration.png");
    }

    static double Accuracy(Student[] test) => test.Count(s => ExamLaw.Probability(s.Features) >= 0.5 == s.Passed) / (double)test.Length;
}
