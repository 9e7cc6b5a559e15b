using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>Weights in fewer bits beside those in float, of the engine and of a peer.</summary>
static class WeightsTable
{
    public static string Of(ResultsFolder folder)
    {
        IReadOnlyList<PeerResult> rows = folder.Weights.Results;
        Library[] libraries = Library.In(rows);
        MarkdownTable table = new(["T, B, I, H", .. libraries.Select(l => $"{l.Name}, ms"), "bfloat16 / float", "int8 / float"]);
        Library[] shorter = [Library.GpurnnBFloat16, Library.GpurnnInt8];
        foreach (PeerResult row in rows)
            table.Add([row.Shape, .. libraries.Select(l => row.Of(l) is { } result ? Figure.Of(result.Seconds * 1e3) : ""),
                .. shorter.Select(l => Figure.Ratio(row.Share(l) / row.Share(Library.Gpurnn)))]);
        return table.ToString();
    }
}
