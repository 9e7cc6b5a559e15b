using ScottPlot;
using SkiaSharp;

namespace GpuRnn.Cli.Tasks.Text;

/// <summary>A point of a run's curve; validation where it was measured.</summary>
sealed record CurvePoint(int Step, double Seconds, double TrainingNats, double? ValidationNats);

/// <summary>The loss curve as a picture.</summary>
static class LossCurve
{
    /// <summary>Can labels be drawn? Without fonts Skia draws curves and no text, in PNG and SVG alike.</summary>
    public static bool HasLabels => SKTypeface.Default.ContainsGlyph('A');

    /// <summary>Writes loss.png. Returns the file's name.</summary>
    public static string Write(string folder, IReadOnlyList<CurvePoint> curve, double? floor)
    {
        Plot plot = new();
        plot.Title("Loss");
        plot.XLabel("step");
        plot.YLabel("nats a character");
        var training = plot.Add.Scatter(curve.Select(p => (double)p.Step).ToArray(), curve.Select(p => p.TrainingNats).ToArray());
        (training.LegendText, training.MarkerSize) = ("training", 0);
        CurvePoint[] measured = [.. curve.Where(p => p.ValidationNats is not null)];
        var validation = plot.Add.Scatter(measured.Select(p => (double)p.Step).ToArray(), measured.Select(p => p.ValidationNats!.Value).ToArray());
        (validation.LegendText, validation.LineWidth) = ("validation", 2);
        if (floor is not null)
        {
            var line = plot.Add.HorizontalLine(floor.Value);
            (line.LegendText, line.LinePattern) = ("entropy of the text", LinePattern.Dashed);
        }
        // the first steps' fall would flatten all that follows
        plot.Axes.SetLimitsY(0, 1.6 * measured.Max(p => p.ValidationNats!.Value));
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(Path.Combine(folder, "loss.png"), 900, 500);
        return "loss.png";
    }
}
