using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>Two full runs side by side: how much of a ratio is the machine's mood.</summary>
static class RunsTable
{
    public static string Of(ResultsFolder folder)
    {
        IReadOnlyList<PeerResult>[] runs = [folder.Peers.Results, folder.SecondPeers.Results];
        MarkdownTable table = new(["suite, pass", "rows", "gpurnn / best peer: mean (least), first run", "second run", "mean of both"]);
        foreach (var kind in runs[0].Where(r => !double.IsNaN(r.Ratio)).GroupBy(r => (r.Suite, r.Pass)))
        {
            double[][] ratios = [.. runs.Select(run => run.Where(r => (r.Suite, r.Pass) == kind.Key).Select(r => r.Ratio).ToArray())];
            if (ratios[0].Length != ratios[1].Length) throw new GpuRnnException(
                $"{folder.Path}: peers.json and peers-second.json have not the same rows of {kind.Key.Suite}, {kind.Key.Pass}.");
            table.Add([$"{kind.Key.Suite}, {kind.Key.Pass.Replace('_', ' ')}", $"{ratios[0].Length}",
                .. ratios.Select(r => Figure.Ratio(Figure.GeometricMean(r)) + (r.Length > 1 ? $" ({Figure.Ratio(r.Min())})" : "")),
                Figure.Ratio(Figure.GeometricMean(ratios.SelectMany(r => r)))]);
        }
        return table.ToString();
    }
}
