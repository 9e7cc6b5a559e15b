using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>What is no batch of equal sequences through one layer: seconds, for who runs it asks how long it takes.</summary>
static class MoreTable
{
    public static string Of(ResultsFolder folder)
    {
        PeerResult[] rows = [.. folder.Peers.Results.Where(r => r.Suite is "ragged" or "live" or "bidirectional" or "tiny")];
        if (rows.Length == 0) throw new GpuRnnException($"{folder.Path}/peers.json has no ragged, live or bidirectional.");
        Library[] libraries = Library.In(rows);
        MarkdownTable table = new(["what", "T, B, I, H", .. libraries.Select(l => $"{l.Name}, ms and share"), "gpurnn / best peer"]);
        foreach (PeerResult row in rows)
            table.Add([What(row), row.Shape, .. libraries.Select(l => Figures(row.Of(l))), Figure.Ratio(row.Ratio)]);
        return table.ToString();
    }

    static string What(PeerResult row) => row.Suite switch
    {
        "ragged" => $"ragged, {Figure.Percent(row.Rows / ((double)row.T * row.B))} of all steps real, {row.Pass}",
        "live" => "live: a step of B of the open sequences",
        "tiny" => $"tiny, {row.Pass}",
        _ => $"{row.Layers} layers in {row.Directions} directions, {row.Pass}",
    };

    static string Figures(LibraryResult? l) => l is null ? "" : $"{Figure.Of(l.Seconds * 1e3)}, {Figure.Percent(l.Share)}";
}
