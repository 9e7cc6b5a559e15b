using System.Globalization;
using GpuRnn.Cli.Commands;
using GpuRnn.Peers.Measuring;
using Spectre.Console;

namespace GpuRnn.Peers.Reporting;

/// <summary>Tables for people: every row, and geometric means of each suite.</summary>
static class Summary
{
    static readonly string[] s_libraries = ["gpurnn", "onnxruntime", "libtorch", "libtorch_packed"];

    public static void Write(IReadOnlyList<CaseResult> results)
    {
        Table rows = Screen.Table(["suite", "pass", " T", " B", " I", " H", .. s_libraries.Select(l => $" {l}"), " gpurnn / best peer"]);
        rows.Title("GFLOP/s and share of the FMA peak");
        foreach (CaseResult r in results)
            rows.AddRow([.. new[] { r.Suite, r.Pass, $"{r.T}", $"{r.B}", $"{r.I}", $"{r.H}" }
                .Concat(s_libraries.Select(l => Figures(Find(r, l)))).Append(F(Ratio(r, null), 2)).Select(Markup.Escape)]);
        Screen.Write(rows);

        Table means = Screen.Table(["suite", "pass", " rows", .. s_libraries.Skip(1).Select(l => $" / {l}"), " / best peer"]);
        means.Title("gpurnn's share over a peer's, geometric means");
        foreach (IGrouping<(string Suite, string Pass), CaseResult> group in results.GroupBy(r => (r.Suite, r.Pass)))
            means.AddRow([.. new[] { group.Key.Suite, group.Key.Pass, $"{group.Count()}" }
                .Concat(s_libraries.Skip(1).Append(null).Select(l => F(Mean(group.Select(r => Ratio(r, l))), 2))).Select(Markup.Escape)]);
        Screen.Write(means);
    }

    static LibraryResult? Find(CaseResult r, string library) => r.Libraries.FirstOrDefault(l => l.Library == library);

    /// <summary>gpurnn's share over that of a peer, or of the best peer; NaN where the peer took no part.</summary>
    static double Ratio(CaseResult r, string? peer) => r.Libraries[0].Share /
        r.Libraries.Skip(1).Where(l => peer is null || l.Library == peer).Select(l => l.Share).DefaultIfEmpty(double.NaN).Max();

    static double Mean(IEnumerable<double> ratios)
    {
        double[] known = [.. ratios.Where(double.IsFinite)];
        return known.Length == 0 ? double.NaN : Math.Exp(known.Average(Math.Log));
    }

    static string Figures(LibraryResult? l) => l is null ? "" : $"{F(l.Gflops, l.Gflops < 10 ? 1 : 0)} ({F(l.Share * 100, 0)}%)";

    static string F(double value, int digits) => double.IsNaN(value) ? "" : value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
