using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>The short one: an LSTM layer, all that a first reader asks.</summary>
static class ReadmeTable
{
    public static string Of(ResultsFolder folder)
    {
        PeerResult[] forward = folder.Suite("lstm", "forward"), training = folder.Suite("lstm", "training");
        MarkdownTable table = new("T, B, I, H", "forward: gpurnn", "ONNX Runtime", "libtorch", "gpurnn / best",
            "training: gpurnn", "libtorch", "gpurnn / libtorch");
        foreach (PeerResult f in forward)
        {
            PeerResult? t = training.FirstOrDefault(r => r.Shape == f.Shape);
            table.Add(f.Shape, Speed(f, Library.Gpurnn), Speed(f, Library.OnnxRuntime), Speed(f, Library.Libtorch), Figure.Ratio(f.Ratio),
                Speed(t, Library.Gpurnn), Speed(t, Library.Libtorch), Figure.Ratio(t?.Ratio ?? double.NaN));
        }
        (double ahead, double trained) = (SpeedTable.MeanRatio(forward), SpeedTable.MeanRatio(training));
        table.Add("geometric mean", "", "", "", Figure.Ratio(ahead), "", "", Figure.Ratio(trained));
        return table.ToString();
    }

    static string Speed(PeerResult? row, Library library) => row?.Of(library) is { } l ? Figure.Of(l.Gflops) : "";
}
