using System.Text.Json;
using GpuRnn.Cli.Reports;

namespace GpuRnn.Cli.Tasks.Training;

/// <summary>A point of a run's curve; validation where it was measured.</summary>
sealed record CurvePoint(long Step, double Seconds, double Training, double? Validation);

/// <summary>The loss along a run.</summary>
sealed class Curve
{
    readonly List<CurvePoint> points = [];

    public IReadOnlyList<CurvePoint> Points => points;
    public double Seconds => points.Count > 0 ? points[^1].Seconds : 0;
    public double Last => points.Count > 0 ? points[^1].Training : double.NaN;

    public void Add(CurvePoint point)
    {
        if (points.Count > 0 && points[^1].Step == point.Step) points[^1] = point;
        else points.Add(point);
    }

    /// <summary>As metrics.json has it.</summary>
    public object ToJson() => points.Select(p => new { step = p.Step, seconds = p.Seconds, training = p.Training, validation = p.Validation });

    /// <summary>The curve of a run until a step; a curve that is not there, or is broken, is not worth a run.</summary>
    public static Curve Read(string metrics, long steps)
    {
        Curve curve = new();
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(metrics));
            foreach (JsonElement p in json.RootElement.GetProperty("curve").EnumerateArray())
            {
                JsonElement validation = p.GetProperty("validation");
                CurvePoint point = new(p.GetProperty("step").GetInt64(), p.GetProperty("seconds").GetDouble(), p.GetProperty("training").GetDouble(),
                    validation.ValueKind == JsonValueKind.Number ? validation.GetDouble() : null);
                if (point.Step <= steps) curve.Add(point);
            }
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new();
        }
        return curve;
    }

    /// <summary>Training and validation over steps.</summary>
    public LineChart Chart(string unit, (string Name, double Value)? floor)
    {
        CurvePoint[] measured = [.. points.Where(p => p.Validation is not null)];
        double top = 1.6 * measured.Select(p => p.Validation!.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new("Loss along the run", "step", unit,
            new Series("training", [.. points.Select(p => (double)p.Step)], [.. points.Select(p => p.Training)]),
            new Series("validation", [.. measured.Select(p => (double)p.Step)], [.. measured.Select(p => p.Validation!.Value)]))
        {
            References = floor is { } f ? [new(f.Name, f.Value)] : [],
            // the first steps' fall would flatten all that follows
            YLimits = top > 0 ? new(0, top) : null,
        };
    }
}
