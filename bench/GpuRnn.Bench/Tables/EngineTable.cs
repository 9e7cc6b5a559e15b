using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>`gpurnn bench` alone.</summary>
static class EngineTable
{
    public static string Of(ResultsFolder folder)
    {
        MarkdownTable table = new("T, B, I, H", "forward, GFLOP/s", "of peak", "training, GFLOP/s", "of peak");
        foreach (var shape in folder.Engine.GroupBy(r => (r.Cell, r.Device, r.Shape)))
            table.Add([shape.Key.Shape, .. Figures(shape, "forward"), .. Figures(shape, "training")]);
        return table.ToString();
    }

    static IEnumerable<string> Figures(IEnumerable<EngineResult> rows, string pass) => rows.FirstOrDefault(r => r.Pass == pass) is not { } r
        ? ["", ""] : [Figure.Of(r.Gflops), Figure.Share(r.Share, r.ShareMin, r.ShareMax)];
}
