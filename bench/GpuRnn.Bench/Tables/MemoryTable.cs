using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>Peak memory of a training step.</summary>
static class MemoryTable
{
    public static string Of(ResultsFolder folder)
    {
        IReadOnlyList<MemoryResult> rows = folder.Memory.Results;
        MarkdownTable table = new("T, B, I, H", "gpurnn, MB", "libtorch, MB", "gpurnn / libtorch");
        foreach (MemoryResult row in rows)
            table.Add(row.Shape, Figure.Of(row.Of(Library.Gpurnn)), Figure.Of(row.Of(Library.Libtorch)), Figure.Ratio(Ratio(row)));
        table.Add("geometric mean", "", "", Figure.Ratio(Figure.GeometricMean(rows.Select(Ratio))));
        return table.ToString();
    }

    static double Ratio(MemoryResult row) => row.Of(Library.Gpurnn) / row.Of(Library.Libtorch);
}
