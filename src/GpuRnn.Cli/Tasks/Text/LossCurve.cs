using GpuRnn.Cli.Reports;

namespace GpuRnn.Cli.Tasks.Text;

/// <summary>A point of a run's curve; validation where it was measured.</summary>
sealed record CurvePoint(int Step, double Seconds, double TrainingNats, double? ValidationNats);

/// <summary>The loss along a run.</summary>
static class LossCurve
{
    public const string PictureName = "loss.png";

    /// <summary>Training and validation over steps; floor: what no model can be below, if that is known.</summary>
    public static LineChart Chart(IReadOnlyList<CurvePoint> curve, double? floor)
    {
        CurvePoint[] measured = [.. curve.Where(p => p.ValidationNats is not null)];
        double top = 1.6 * measured.Select(p => p.ValidationNats!.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new("Loss along the run", "step", "nats a character",
            new Series("training", [.. curve.Select(p => (double)p.Step)], [.. curve.Select(p => p.TrainingNats)]),
            new Series("validation", [.. measured.Select(p => (double)p.Step)], [.. measured.Select(p => p.ValidationNats!.Value)]))
        {
            References = floor is double entropy ? [new("entropy of the text", entropy)] : [],
            // the first steps' fall would flatten all that follows
            YLimits = top > 0 ? new(0, top) : null,
        };
    }
}
