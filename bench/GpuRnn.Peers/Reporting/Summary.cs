using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Peers.Reporting;

/// <summary>Tables for people: every row, and geometric means of each suite.</summary>
static class Summary
{
    public static void Write(IReadOnlyList<PeerResult> results)
    {
        Console.WriteLine("GFLOP/s and share of the FMA peak\n");
        MarkdownTable rows = new(["suite, pass, T, B, I, H", .. Library.All.Select(l => l.Name), "gpurnn / best peer"]);
        foreach (PeerResult r in results)
            rows.Add([$"{r.Suite}, {r.Pass}, {r.Shape}", .. Library.All.Select(l => Figures(r.Of(l))), Figure.Ratio(r.Ratio)]);
        Console.WriteLine($"{rows}\n");

        Library[] peers = [.. Library.All.Skip(1)];
        Console.WriteLine("gpurnn's share over a peer's, geometric means\n");
        MarkdownTable means = new(["suite, pass", "rows", .. peers.Select(l => $"/ {l.Name}"), "/ best peer"]);
        foreach (IGrouping<(string Suite, string Pass), PeerResult> group in results.GroupBy(r => (r.Suite, r.Pass)))
            means.Add(
            [
                $"{group.Key.Suite}, {group.Key.Pass}", $"{group.Count()}",
                .. peers.Select(l => Mean(group.Select(r => r.Share(Library.Gpurnn) / r.Share(l)))), Mean(group.Select(r => r.Ratio)),
            ]);
        Console.WriteLine(means);
    }

    static string Mean(IEnumerable<double> ratios) => Figure.Ratio(Figure.GeometricMean(ratios));

    static string Figures(LibraryResult? l) => l is null ? "" : $"{Figure.Of(l.Gflops)} ({Figure.Percent(l.Share)})";
}
