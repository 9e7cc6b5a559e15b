using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Labs.Gradients;

/// <summary>`gpurnn lab gradients`: how gradients vanish and explode along time, and what clipping does.</summary>
sealed class GradientsLab : Lab
{
    public override string Name => "gradients";
    public override string Description => "How gradients vanish and explode along time, and what clipping does.";

    public override IReadOnlyList<OwnOption> Options { get; } =
    [
        OwnOption.Whole("hidden", "Hidden units", 2, 1024) with { Default = "64" },
        OwnOption.Whole("length", "Steps of a sequence", 4, 1000) with { Default = "60" },
        OwnOption.Whole("steps", "Training steps of the task that explodes", 1) with { Default = "600" },
        OwnOption.Above0("clip", "Largest norm of the gradient, where it is clipped", 1e30) with { Default = "1" },
    ];

    public override void Run(LabOptions options, RunOutcome outcome, Action<double, string> say, CancellationToken cancel)
    {
        (int h, int t, int n, int seed) = (options.Whole("hidden"), options.Whole("length"), options.Whole("steps"), options.Seed);
        using Device device = Device.Open(options.Device);
        say(0, "slopes of the RNN");
        SlopeRow[] regime = [.. SlopeStudy.Regime(device, h, t, seed)], beyond = [.. SlopeStudy.Beyond(device, h, t, seed)];
        say(0.3, "every cell");
        SlopeRow[] cells = [.. SlopeStudy.Cells(device, h, t, seed)];
        ExplosionRun free =
            ExplosionStudy.Run(device, h, n, seed, 0, "not clipped", s => say(0.5 + s / 4, "a task that explodes, not clipped"), cancel);
        ExplosionRun clipped = ExplosionStudy.Run(
            device, h, n, seed, options.Number("clip"), "clipped",
            s => say(0.75 + s / 4, "a task that explodes, clipped"), cancel);
        Slopes(outcome, regime, beyond);
        Along(outcome, regime, cells, h, t);
        Explosion(outcome, free, clipped);
        (outcome.Metrics["hidden"], outcome.Metrics["length"], outcome.Metrics["seed"], outcome.Metrics["device"]) =
            (h, t, seed, device.Name);
    }

    static void Slopes(RunOutcome outcome, SlopeRow[] regime, SlopeRow[] beyond)
    {
        double worst = regime.Max(r => r.Error!.Value);
        outcome.Measure("slopes of the RNN beside log s, where theory holds: worst distance", "worst_slope_error", worst,
            "share of the prediction");
        outcome.Metrics["regime"] = regime.Select(r => ToJson(r));
        outcome.Metrics["beyond"] = beyond.Select(r => ToJson(r));
        ReportSection section = outcome.Section("Measured slopes and the largest singular value").Text(
            "A step backwards in time multiplies the gradient of h by W_hh transposed and by the slope of tanh. "
            + "If W_hh is a rotation times s, and x so small that tanh is "
            + "a straight line, the norm is multiplied by s exactly; in all other cases the largest singular value is a bound.");
        IReadOnlyList<string> Row(SlopeRow r) =>
            [r.Start, F(r.Slope), r.Predicted is double p ? F(p) : "-", r.Error is double e ? $"{e:P1}" : "-", r.Theory];
        section.Table(["W_hh", "measured slope", "predicted", "distance", "theory"], [.. regime.Concat(beyond).Select(r => Row(r))]);
        outcome.Chart(section, new LineChart("Slope of log |dL/dh_t| a step backwards", "scale s of the rotation", "slope",
            new Series("measured", SlopeStudy.Scales, [.. regime.Select(r => r.Slope)]) { Style = SeriesStyle.Points },
            new Series("log s", SlopeStudy.Scales, [.. SlopeStudy.Scales.Select(s => Math.Log(s))]) { Style = SeriesStyle.Dashed }),
                "slopes.png");
    }

    static void Along(RunOutcome outcome, SlopeRow[] regime, SlopeRow[] cells, int hidden, int steps)
    {
        Dictionary<string, object> json = [];
        foreach (IGrouping<string, SlopeRow> cell in cells.GroupBy(c => c.Cell))
        {
            // of the RNN the row where theory holds stands first: the others have bounds
            SlopeRow first = cell.Key == "rnn_tanh" ? regime[2] : cell.First();
            json[cell.Key] = new Dictionary<string, object?>
            {
                ["norms"] = first.Norms,
                ["slope"] = first.Slope, ["predicted_slope"] = first.Predicted,
                ["start"] = first.Start, ["theory"] = first.Theory,
                ["starts"] = cell.Select(r => ToJson(r)),
            };
            outcome.Lines.Add(($"slope of {cell.Key}", string.Join("; ", cell.Select(r => $"{F(r.Slope)} ({r.Start})"))));
        }
        outcome.Metrics["cells"] = json;
        double[] t = [.. Enumerable.Range(0, steps).Select(i => (double)i)];
        ReportSection section = outcome.Section("The gradient along time, cell by cell").Text(
            $"|dL/dh_t| where L is a direction of the last h, for cells of {hidden} units and x of size 1. "
            + $"A straight line down is a gradient that vanishes; "
            + $"cells with gates hold it where their gates begin open long enough.");
        LineChart Chart(string title, IEnumerable<SlopeRow> rows) =>
            new(title, "t", "|dL/dh_t|",
                [.. rows.Select(r => new Series(r.Start == "as PyTorch" ? r.Cell : $"{r.Cell}, {r.Start}", t, r.Norms))])
            { LogY = true };
        outcome.Chart(section, Chart("As initialised", cells.Where(c => c.Start == "as PyTorch")), "norms.png");
        outcome.Chart(section,
            Chart("Gated cells with open gates, and rotations",
                cells.Where(c => c.Start != "as PyTorch").Concat(regime.Where((_, i) => i is 0 or 2 or 5))),
            "norms-open.png");
        section.Table(["cell", "start", "slope a step", "half of it is left after"],
            [.. cells.Select(r => (IReadOnlyList<string>)
            [
                r.Cell, r.Start, F(r.Slope),
                r.Slope < 0 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Log(2) / -r.Slope:F1} steps") : "-"
            ])]);
    }

    static void Explosion(RunOutcome outcome, ExplosionRun free, ExplosionRun clipped)
    {
        object ToJson(ExplosionRun r) => new
        {
            diverged = r.Diverged, diverged_at = r.Diverged ? r.Losses.Length : (int?)null, loss = r.Losses, norm = r.Norms,
            last_loss = r.Last,
            singular_values_before = r.SingularBefore, singular_values_after = r.SingularAfter,
        };
        outcome.Metrics["explosion"] = new { without_clipping = ToJson(free), with_clipping = ToJson(clipped) };
        outcome.Lines.Add((
            "a task that explodes, not clipped",
            free.Diverged
                ? $"no number any more after {free.Losses.Length} steps"
                : $"loss {free.Last:G3}, {free.Losses.Max():G3} at its worst"));
        outcome.Lines.Add((
            "the same, clipped",
            clipped.Diverged
                ? $"no number any more after {clipped.Losses.Length} steps"
                : $"loss {clipped.Last:G3}, {clipped.Losses.Max():G3} at its worst"));
        ReportSection section = outcome.Section("A task that explodes, and clipping").Text(
            "An RNN of rectifiers, W_hh the unit matrix at first, learns the mean of 100 numbers by plain gradient descent; "
            + "the only difference between the two runs is the bound on the gradient's norm. "
            + (free.Diverged
                ? $"Without it, weights were no numbers any more after {free.Losses.Length} steps."
                : "Without it, the loss jumps wherever the gradient does."));
        double[] Steps(double[] values) => [.. values.Select((_, i) => i + 1.0)];
        outcome.Chart(section, new LineChart("Loss", "step", "squared error",
            [.. new[] { free, clipped }.Select(r => new Series(r.Name, Steps(r.Losses), r.Losses))])
        { LogY = true }, "explosion.png");
        outcome.Chart(section, new LineChart("Norm of the gradient before clipping", "step", "norm",
            [.. new[] { free, clipped }.Select(r => new Series(r.Name, Steps(r.Norms), r.Norms))])
        { LogY = true }, "explosion-norms.png");
        double[] order = [.. clipped.SingularBefore.Select((_, i) => i + 1.0)];
        List<Series> values = [new("before", order, clipped.SingularBefore)];
        if (clipped.SingularAfter.Length > 0) values.Add(new("after", order, clipped.SingularAfter));
        outcome.Chart(section, new LineChart("Singular values of W_hh of the clipped run", "number", "singular value", values),
            "singular-values.png");
    }

    static object ToJson(SlopeRow r) => new
    {
        cell = r.Cell, start = r.Start,
        slope = r.Slope, predicted_slope = r.Predicted,
        error = r.Error, theory = r.Theory,
        norms = r.Norms
    };

    static string F(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
