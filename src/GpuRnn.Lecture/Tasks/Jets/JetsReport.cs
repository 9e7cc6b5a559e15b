using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Metrics;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>The network beside classical taggers, with errors, and the mean pictures of both classes.</summary>
sealed class JetsReport(RunOutcome outcome, JetData data, TrainOptions options, CancellationToken cancel)
{
    const int Rounds = 100;
    /// <summary>Of the jets.</summary>
    const double Radius = 0.8;

    sealed record Tagger(string Name, double[] Scores, Roc Roc, double AucError, double Error30, double Error50);

    public void Write(double[] chances)
    {
        bool[] tops = [.. data.Test.Select(j => j.IsTop)];
        MassScore mass = new(data.Training);
        double[] substructure = new double[data.Test.Count];
        Parallel.For(0, substructure.Length, new() { CancellationToken = cancel },
            i => substructure[i] = Substructure.Score(data.Test[i], Radius));
        Tagger network = Of($"{options.Cell} of {options.Hidden}", chances, tops),
            cut = Of("jet mass", [.. data.Test.Select(mass.Of)], tops),
            tau = Of("N-subjettiness, tau3 / tau2", substructure, tops);
        double accuracy = chances.Where((c, i) => c >= 0.5 == tops[i]).Count() / (double)chances.Length;
        outcome.Measure(
            "AUC", "auc", network.Roc.Auc,
            $"± {network.AucError:F4} on {tops.Length:N0} jets",
            string.Create(CultureInfo.InvariantCulture, $"mass {cut.Roc.Auc:F4}, N-subjettiness {tau.Roc.Auc:F4}"));
        outcome.Measure("accuracy", "accuracy", accuracy);
        outcome.Measure(
            "background rejection at 0.5", "rejection_at_0_5", network.Roc.RejectionAt(0.5),
            $"± {network.Error50:F0}, 1 / background efficiency", digits: 0);
        outcome.Measure("background rejection at 0.3", "rejection_at_0_3", network.Roc.RejectionAt(0.3), $"± {network.Error30:F0}",
            digits: 0);
        foreach ((string name, object value) in new (string, object)[]
        {
            ("auc_error", network.AucError), ("rejection_at_0_3_error", network.Error30), ("rejection_at_0_5_error", network.Error50),
            ("auc_mass_cut", cut.Roc.Auc), ("auc_mass_cut_error", cut.AucError), ("rejection_at_0_5_mass_cut", cut.Roc.RejectionAt(0.5)),
            ("auc_n_subjettiness", tau.Roc.Auc), ("auc_n_subjettiness_error", tau.AucError),
            ("rejection_at_0_5_n_subjettiness", tau.Roc.RejectionAt(0.5)),
        })
            outcome.Metrics[name] = value;
        foreach (Tagger other in new[] { cut, tau })
        {
            double distance =
                (network.Roc.Auc - other.Roc.Auc) / Math.Sqrt(network.AucError * network.AucError + other.AucError * other.AucError);
            outcome.Lines.Add((
                $"AUC above that of {other.Name}",
                string.Create(CultureInfo.InvariantCulture, $"by {network.Roc.Auc - other.Roc.Auc:F4}, {distance:F1} standard errors")));
        }
        Compare([network, cut, tau], accuracy);
        Pictures();
    }

    Tagger Of(string name, double[] scores, bool[] tops)
    {
        double Error(ScoreStatistic statistic) => Bootstrap.StandardError(scores, tops, (s, t) =>
        {
            cancel.ThrowIfCancellationRequested();
            return statistic(s, t);
        }, options.Seed, Rounds);
        return new(
            name, scores, new(scores, tops),
            Error((s, t) => new Roc(s, t).Auc),
            Error((s, t) => Finite(new Roc(s, t).RejectionAt(0.3), s.Length)),
            Error((s, t) => Finite(new Roc(s, t).RejectionAt(0.5), s.Length)));
    }

    // where a sample has no background left, all that is known is that there are more than it has
    static double Finite(double rejection, int jets) => double.IsFinite(rejection) ? rejection : jets;

    void Compare(Tagger[] taggers, double accuracy)
    {
        ReportSection section = outcome.Section("Beside classical taggers")
            .Text(
                "Of jets that are not tops, one in so many passes as one (rejection) where a share of the tops passes (signal efficiency). "
                + "Errors are bootstrapped over the jets that are judged.");
        outcome.Chart(section, new LineChart("Background rejection", "signal efficiency", "1 / background efficiency",
            [.. taggers.Select(t => new Series(t.Name,
                [.. t.Roc.Points.Select(p => p.SignalEfficiency)],
                [.. t.Roc.Points.Select(p => p.BackgroundEfficiency > 0 ? 1 / p.BackgroundEfficiency : double.NaN)]))])
        { LogY = true }, "roc.png");
        string N(double value, double error, string format) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{value.ToString(format, CultureInfo.InvariantCulture)} ± {error.ToString(format, CultureInfo.InvariantCulture)}");
        section.Table(["tagger", "AUC", "rejection at 0.3", "rejection at 0.5"],
            [.. taggers.Select(t => (IReadOnlyList<string>)
            [
                t.Name,
                N(t.Roc.Auc, t.AucError, "F4"),
                N(t.Roc.RejectionAt(0.3), t.Error30, "F0"),
                N(t.Roc.RejectionAt(0.5), t.Error50, "F0")
            ])]);
        ReportSection paper = outcome.Section("Beside the paper").Text(data.Simulated
            ? "WARNING: the samples differ. "
                + "The paper's jets come from Pythia and Delphes, 1.2 million to train on; "
                + "these are from a simulation of a few hundred lines, and fewer. "
                + "Figures of the two tables cannot be compared; they stand together to show what is usual."
            : "The paper's figures are for networks trained on 1.2 million jets of the reference sample; yours may be fewer, or others.");
        string own = string.Create(CultureInfo.InvariantCulture, $"{taggers[0].Roc.RejectionAt(0.3):F0} ± {taggers[0].Error30:F0}");
        paper.Table(["tagger", "sample", "AUC", "accuracy", "rejection at 0.3"],
        [
            [taggers[0].Name, data.Name, $"{taggers[0].Roc.Auc:F3}", $"{accuracy:F3}", own],
            .. PaperTable.Rows.Select(r => (IReadOnlyList<string>)
                [r.Tagger, "reference (arXiv 1902.09914, table 1)", $"{r.Auc:F3}", $"{r.Accuracy:F3}", r.Rejection]),
        ]);
    }

    void Pictures()
    {
        ReportSection section = outcome.Section("Mean pictures")
            .Text(
                "Transverse momentum in eta and phi around the jet, turned so that its principal axis stands upright; "
                + "the logarithm of the mean. Three prongs show in the tops.");
        foreach (bool top in new[] { false, true })
        {
            float[,] mean = JetImage.MeanOf(data.Test, top);
            double[,] logarithm = new double[JetImage.Size, JetImage.Size];
            for (int row = 0; row < JetImage.Size; row++)
                for (int column = 0; column < JetImage.Size; column++)
                    logarithm[row, column] = Math.Log10(Math.Max(1e-6, mean[row, column]));
            outcome.Chart(section,
                new HeatMap(top ? "Top quarks" : "Quarks and gluons (QCD)", logarithm, [], [])
                { XLabel = "eta", YLabel = "phi", Square = true, Range = new(-6, -1) },
                top ? "mean-top.png" : "mean-qcd.png");
        }
    }
}
