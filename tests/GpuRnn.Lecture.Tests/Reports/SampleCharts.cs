using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tests.Reports;

/// <summary>Charts with what runs come to: ordinary data, none, and numbers that no axis likes.</summary>
static class SampleCharts
{
    public const string Hostile = "<script>alert(\"1\")</script> & 'x' ]]> \0\u0001\u001b\u0085\uFFFE \uD800 😀 שלום \u202E\r\nend";

    public static IEnumerable<TestCaseData> Charts()
    {
        foreach ((string name, double[] x, double[] y) in Data())
            foreach (SeriesStyle style in Enum.GetValues<SeriesStyle>())
                foreach (bool log in new[] { false, true })
                    yield return new TestCaseData(Line(x, y, style, log)).SetArgDisplayNames($"{name}, {style}{(log ? ", log" : "")}");
        foreach ((string name, double[] _, double[] y) in Data())
        {
            if (y.Length > 1000) continue;
            string[] categories = [.. y.Select((_, i) => $"category {i}")];
            yield return new TestCaseData(
                new BarChart("bars", "value", categories, new BarSeries("a", y) { Band = new(y, y) }, new BarSeries("b", y))
                { References = [new("chance", 0.5)] })
                .SetArgDisplayNames($"bars, {name}");
            yield return new TestCaseData(
                new BarChart("bars", "value", categories, new BarSeries("a", y) { Band = new([.. y.Select(v => v / 2)], y) },
                    new BarSeries("b", y))
                {
                    Groups = [new("some", y.Length / 2), new("others", y.Length - y.Length / 2)], ValueFormat = "0.0",
                    Subtitle = "in groups",
                    CategoryLabel = "x"
                })
                .SetArgDisplayNames($"bars in groups, {name}");
            double[,] matrix = new double[2, y.Length];
            for (int i = 0; i < y.Length; i++) (matrix[0, i], matrix[1, i]) = (y[i], -y[i]);
            foreach (ColorScale scale in Enum.GetValues<ColorScale>())
                yield return new TestCaseData(
                    new HeatMap("map", matrix, ["a", "b"], categories) { Scale = scale, CellFormat = "0.0", XLabel = "x" })
                    .SetArgDisplayNames($"map, {name}, {scale}");
        }
        yield return new TestCaseData(new HeatMap("nothing", new double[0, 0], [], [])).SetArgDisplayNames("map of nothing");
        yield return new TestCaseData(Sheet("a caption", 5)).SetArgDisplayNames("sheet");
        yield return new TestCaseData(new ImageSheet("none", [])).SetArgDisplayNames("sheet of nothing");
    }

    /// <summary>One chart of each kind, with a text wherever a text can be.</summary>
    public static Chart[] AllWith(string text) =>
    [
        new LineChart(text, text, text, new Series(text, [0, 1, 2], [3, 1, 2])) { References = [new(text, 2)] },
        new BarChart(text, text, [text, "b"], new BarSeries(text, [1, 2]))
        { References = [new(text, 2)], Groups = [new(text, 2)], Subtitle = text, CategoryLabel = text },
        new HeatMap(text, new double[,] { { 1, 2 } }, [text], [text, "b"]) { XLabel = text, YLabel = text, CellFormat = "0" },
        Sheet(text, 2),
    ];

    public static ImageSheet Sheet(string caption, int count) =>
        new(caption, [.. Enumerable.Range(0, count).Select(i => new SheetPicture(
            new(2, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]),
            caption,
            i == 0 ? null : i % 2 == 0))]);

    static LineChart Line(double[] x, double[] y, SeriesStyle style, bool log) =>
        new("line", "x", "y", new Series("s", x, y) { Style = style, Band = new(y, y) })
        {
            LogX = log, LogY = log,
            References = [new("floor", 0.1)]
        };

    static IEnumerable<(string, double[], double[])> Data()
    {
        yield return ("ordinary", [0, 1, 2, 3], [1, 0.5, 0.25, 0.3]);
        yield return ("empty", [], []);
        yield return ("one point", [3], [7]);
        yield return ("not finite", [0, 1, double.NaN, 3, 4, 5], [1, double.NaN, 2, double.PositiveInfinity, double.NegativeInfinity, 3]);
        yield return ("nothing finite", [0, 1], [double.NaN, double.NaN]);
        yield return ("constant", [1, 2, 3], [0.1, 0.1, 0.1]);
        yield return ("zero", [0, 0, 0], [0, 0, 0]);
        yield return ("huge", [-1e308, 0, 1e308], [double.MaxValue, -double.MaxValue, 1]);
        yield return ("tiny", [1e-320, 1e-310, 1e-300], [double.Epsilon, 1e-320, 1e-315]);
        yield return ("wide", [1e-200, 1, 1e200], [1e-300, 1e300, 1]);
        yield return ("almost constant", [1, 2, 3], [1e15, 1e15 + 0.25, 1e15]);
        yield return ("long", [.. Enumerable.Range(1, 20_000).Select(i => (double)i)],
            [.. Enumerable.Range(1, 20_000).Select(i => 1 + Math.Sin(i))]);
    }
}
