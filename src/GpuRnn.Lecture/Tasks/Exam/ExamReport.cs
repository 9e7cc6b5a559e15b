using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Metrics;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Exam;

/// <summary>How well chances to pass were foretold.</summary>
static class ExamReport
{
    const int Bins = 10;

    /// <summary>The mean of -log of what was foretold for what came, in nats.</summary>
    public static double MeanLogLoss(Student[] students, double[] pass) => Of(students, pass).Mean;

    static LogLoss Of(Student[] students, double[] pass)
    {
        LogLoss loss = new();
        for (int i = 0; i < students.Length; i++) loss.Add(pass[i], students[i].Passed);
        return loss;
    }

    public static void Write(RunOutcome outcome, ExamData data, double[] pass, double? lawLoss)
    {
        Student[] test = data.Test;
        outcome.Measure("accuracy", "accuracy", test.Where((s, i) => pass[i] >= 0.5 == s.Passed).Count() / (double)test.Length,
            data.Known ? "share that is right" : "", data.Known ? $"the law's {Accuracy(test):F4}" : "");
        outcome.Measure("log loss", "log_loss", MeanLogLoss(test, pass), "nats a student", lawLoss is double l ? $"the law's {l:F4}" : "");
        if (lawLoss is double law) outcome.Metrics["law_log_loss"] = law;
        Calibration calibration = new(Bins);
        for (int i = 0; i < test.Length; i++) calibration.Add(pass[i], test[i].Passed);
        CalibrationBin[] full = [.. calibration.Bins.Where(b => b.Count > 0)];
        // two standard errors of a share; of none or all, as if one more were the other way
        double[] error =
            [.. full.Select(b => 2 * Math.Sqrt(Math.Max(b.ObservedFrequency * (1 - b.ObservedFrequency), 1.0 / b.Count) / b.Count))];
        outcome.Metrics["calibration_error"] = calibration.ExpectedError;
        ReportSection section = outcome.Section("Calibration").Text(string.Create(CultureInfo.InvariantCulture,
            $"Of the students that get a chance of p, a share of p should pass. "
            + $"Bands are two standard errors; the mean distance from the diagonal is {calibration.ExpectedError:F4}."));
        outcome.Chart(section, new LineChart("Calibration", "foretold chance to pass", "share that passed",
            new Series("this model", [.. full.Select(b => b.MeanPrediction)], [.. full.Select(b => b.ObservedFrequency)])
            {
                Band = new(
                    [.. full.Select((b, i) => Math.Max(0, b.ObservedFrequency - error[i]))],
                    [.. full.Select((b, i) => Math.Min(1, b.ObservedFrequency + error[i]))]),
            },
            new Series("perfect", [0, 1], [0, 1]) { Style = SeriesStyle.Dashed })
        { YLimits = new(0, 1) }, "calibration.png");
    }

    static double Accuracy(Student[] test) => test.Count(s => ExamLaw.Probability(s.Features) >= 0.5 == s.Passed) / (double)test.Length;
}
