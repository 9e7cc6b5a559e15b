using System.Text.Json;
using GpuRnn.Interop;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Runs;

/// <summary>A point of a run's curve; validation where it was measured.</summary>
sealed record CurvePoint(long Step, double Seconds, double Training, double? Validation);

/// <summary>The loss along a run, and the time that it has taken.</summary>
sealed class Curve
{
    /// <summary>A curve in its file. Options and data say whose it is: a run that began anew in the folder has another.</summary>
    sealed record Written(string Options, string DataHash, long Steps, double Seconds, IReadOnlyList<CurvePoint> Points);

    readonly List<CurvePoint> points = [];

    public IReadOnlyList<CurvePoint> Points => points;
    public double Last => points.Count > 0 ? points[^1].Training : double.NaN;

    public void Add(CurvePoint point)
    {
        if (points.Count > 0 && points[^1].Step == point.Step) points[^1] = point;
        else points.Add(point);
    }

    /// <summary>As metrics.json has it.</summary>
    public object ToJson() =>
        points.Select(p => new { step = p.Step, seconds = p.Seconds, training = p.Training, validation = p.Validation });

    /// <summary>Writes the curve of a run after so many steps and seconds.</summary>
    /// <exception cref="GpuRnnException">The file cannot be written.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string> metadata, long steps, double seconds) =>
        AtomicFile.Write(path, stream =>
        JsonSerializer.Serialize(stream, new Written(metadata["options"], metadata["data_hash"], steps, seconds, points), Json.Numbers));

    /// <summary>
    /// The curve of a run until a step, and the seconds until then. The file may know more than the checkpoint, beside which it was
    /// written first; one that is not there, is broken, or is another run's is not worth a run.
    /// </summary>
    public static (Curve Curve, double Seconds) Read(string path, IReadOnlyDictionary<string, string> metadata, long steps)
    {
        Curve curve = new();
        try
        {
            if (JsonSerializer.Deserialize<Written>(InputFile.ReadAll(path), Json.Numbers) is not { Points: { } known } written
                || written.Options != metadata["options"] || written.DataHash != metadata["data_hash"])
                return (curve, 0);
            foreach (CurvePoint point in known.Where(p => p.Step <= steps)) curve.Add(point);
            double last = curve.points.Count > 0 ? curve.points[^1].Seconds : 0;
            return (curve, written.Steps == steps ? written.Seconds : last);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return (new(), 0);
        }
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
