namespace GpuRnn.Reports.Drawings;

/// <summary>One series within the axes of a line chart.</summary>
sealed class SeriesDrawing(Series series, Axis x, Axis y, Tone tone, bool dashed)
{
    const int MostDots = 60; // more would hide the line
    const double BandOpacity = 0.18;

    public void Draw(ICanvas canvas)
    {
        if (series.Band is not null) DrawBand(canvas, series.Band);
        bool points = series.Style is SeriesStyle.Points or SeriesStyle.Triangles;
        int shown = 0;
        foreach (List<int> run in Runs(i => y.Shows(series.Y[i])))
        {
            shown += run.Count;
            if (points) DrawPoints(canvas, run);
            else DrawLine(canvas, run);
        }
        if (points || shown > MostDots || series.Style is SeriesStyle.Step or SeriesStyle.Plain) return;
        foreach (List<int> run in Runs(i => y.Shows(series.Y[i])))
            foreach (int i in run) canvas.Circle(new(x.At(series.X[i]), y.At(series.Y[i])), 2.5, tone, Tip(i));
    }

    /// <summary>Stretches of neighbours that can be shown: between them the line has a gap.</summary>
    IEnumerable<List<int>> Runs(Func<int, bool> shows)
    {
        List<int> run = [];
        for (int i = 0; i < series.X.Count; i++)
        {
            if (x.Shows(series.X[i]) && shows(i))
            {
                run.Add(i);
                continue;
            }
            if (run.Count > 0) yield return run;
            run = [];
        }
        if (run.Count > 0) yield return run;
    }

    void DrawLine(ICanvas canvas, List<int> run)
    {
        IReadOnlyList<Point> path = Decimation.MinMax([.. run.Select(i => new Point(x.At(series.X[i]), y.At(series.Y[i])))]);
        // a line of one point would not be seen
        if (path.Count == 1) canvas.Circle(path[0], 2.5, tone, Tip(run[0]));
        else canvas.Polyline(series.Style == SeriesStyle.Step ? Stairs(path) : path, new(tone, 2, dashed), Summary(run));
    }

    void DrawPoints(ICanvas canvas, List<int> run)
    {
        if (run.Count <= Decimation.Most)
        {
            foreach (int i in run) DrawPoint(canvas, new(x.At(series.X[i]), y.At(series.Y[i])), Tip(i));
            return;
        }
        foreach (Point point in Decimation.MinMax([.. run.Select(i => new Point(x.At(series.X[i]), y.At(series.Y[i])))]))
            canvas.Circle(point, 2.5, tone);
    }

    void DrawPoint(ICanvas canvas, Point at, string tip)
    {
        if (series.Style == SeriesStyle.Triangles) Marks.Triangle(canvas, at, tone, tip);
        else canvas.Circle(at, 3.5, tone, tip);
    }

    void DrawBand(ICanvas canvas, ErrorBand band)
    {
        foreach (List<int> run in Runs(i => y.Shows(band.Low[i]) && y.Shows(band.High[i])))
        {
            IReadOnlyList<Point> low = Decimation.MinMax([.. run.Select(i => new Point(x.At(series.X[i]), y.At(band.Low[i])))]);
            IReadOnlyList<Point> high = Decimation.MinMax([.. run.Select(i => new Point(x.At(series.X[i]), y.At(band.High[i])))]);
            canvas.Polygon([.. low, .. high.Reverse()], tone, BandOpacity);
        }
    }

    // a value holds until the next one
    static List<Point> Stairs(IReadOnlyList<Point> path)
    {
        List<Point> stairs = [path[0]];
        for (int i = 1; i < path.Count; i++) stairs.AddRange([new(path[i].X, path[i - 1].Y), path[i]]);
        return stairs;
    }

    string Tip(int i) => $"{series.Name}: {Numbers.Short(series.Y[i])} at {Numbers.Short(series.X[i])}";

    string Summary(List<int> run) =>
        $"{Tip(run[^1])} (from {Numbers.Short(run.Min(i => series.Y[i]))} to {Numbers.Short(run.Max(i => series.Y[i]))})";
}
