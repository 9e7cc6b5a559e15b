using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>One suite and pass: each library's GFLOP/s and share of the peak, gpurnn beside its best peer, means in the last row.</summary>
static class SpeedTable
{
    public static string Of(ResultsFolder folder, string suite, string pass)
    {
        PeerResult[] rows = folder.Suite(suite, pass);
        Library[] libraries = Library.In(rows);
        MarkdownTable table = new(["T, B, I, H", .. libraries.Select(l => $"{l.Name}, GFLOP/s and share"), "gpurnn / best peer"]);
        foreach (PeerResult row in rows)
            table.Add([row.Shape, .. libraries.Select(l => Figures(row.Of(l))), Figure.Ratio(row.Ratio)]);
        table.Add(["geometric mean", .. libraries.Select(l => Figure.Percent(Figure.GeometricMean(rows.Select(r => r.Share(l))))),
            Figure.Ratio(MeanRatio(rows))]);
        return table.ToString();
    }

    public static double MeanRatio(IEnumerable<PeerResult> rows) => Figure.GeometricMean(rows.Select(r => r.Ratio));

    static string Figures(LibraryResult? l) => l is null ? "" : $"{Figure.Of(l.Gflops)}, {Figure.Share(l.Share, l.ShareMin, l.ShareMax)}";
}
