using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>The grid of sizes and batches: gpurnn beside its best peer, and gpurnn's share of the peak in brackets.</summary>
static class GridTable
{
    public static string Of(ResultsFolder folder, string pass)
    {
        PeerResult[] rows = folder.Suite("grid", pass);
        int[] sizes = [.. rows.Select(r => r.H).Distinct().Order()], batches = [.. rows.Select(r => r.B).Distinct().Order()];
        MarkdownTable table = new(["I = H", .. batches.Select(b => $"B = {b}"), "geometric mean"]);
        foreach (int h in sizes)
        {
            PeerResult[] row = [.. rows.Where(r => r.H == h)];
            table.Add([$"{h}", .. batches.Select(b => Figures(row.FirstOrDefault(r => r.B == b))), Mean(row)]);
        }
        table.Add(["geometric mean", .. batches.Select(b => Mean(rows.Where(r => r.B == b))), Mean(rows)]);
        return table.ToString();
    }

    static string Figures(PeerResult? r) => r is null ? "" : $"{Figure.Ratio(r.Ratio)} ({Figure.Percent(r.Share(Library.Gpurnn))})";

    static string Mean(IEnumerable<PeerResult> rows) => Figure.Ratio(SpeedTable.MeanRatio(rows));
}
