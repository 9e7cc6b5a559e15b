namespace GpuRnn.Reports.Drawings;

/// <summary>Fewer points for the same picture.</summary>
static class Decimation
{
    public const int Most = 2000;

    /// <summary>
    /// At most so many points, in their order: of every stretch the first, the last, the lowest and the highest, so that no peak is lost.
    /// </summary>
    public static IReadOnlyList<Point> MinMax(IReadOnlyList<Point> points, int most = Most)
    {
        if (points.Count <= most) return points;
        int stretches = Math.Max(1, most / 4);
        List<Point> kept = new(4 * stretches);
        for (int i = 0; i < stretches; i++)
        {
            int from = (int)((long)points.Count * i / stretches), to = (int)((long)points.Count * (i + 1) / stretches);
            int low = from, high = from;
            for (int at = from; at < to; at++)
            {
                if (points[at].Y < points[low].Y) low = at;
                if (points[at].Y > points[high].Y) high = at;
            }
            int before = -1;
            foreach (int at in new[] { from, Math.Min(low, high), Math.Max(low, high), to - 1 })
            {
                if (at > before) kept.Add(points[at]);
                before = at;
            }
        }
        return kept;
    }
}
