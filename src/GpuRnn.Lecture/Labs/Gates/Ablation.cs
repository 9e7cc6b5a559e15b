namespace GpuRnn.Lecture.Labs.Gates;

/// <summary>A gate that was held, and what came of it.</summary>
sealed record Ablation(Gate Gate, string Held, GateTrace Trace)
{
    public const string AtMean = "at its mean", Open = "open (1)", Shut = "shut (0)";

    /// <summary>Every gate of a layer, held at its mean, and gates between 0 and 1 also open and shut.</summary>
    public static List<Ablation> All(GateModel model, int[] codes, int layer, GateTrace whole, Action<double> progress,
        CancellationToken cancel)
    {
        List<Ablation> all = [];
        for (int g = 0; g < model.Gates.Count; g++)
        {
            Gate gate = model.Gates[g];
            double[] mean = [.. Enumerable.Range(0, model.Hidden).Select(j => whole.Gates.Average(t => t[g][j]))];
            Try(AtMean, mean);
            if (!gate.IsCandidate) Try(Open, [.. mean.Select(_ => 1.0)]);
            Try(Shut, new double[mean.Length]);
            progress((g + 1.0) / model.Gates.Count);

            void Try(string held, double[] values)
            {
                cancel.ThrowIfCancellationRequested();
                all.Add(new(gate, held, model.Run(codes, layer, new(layer, g, values)) with { Gates = [] })); // seen once is enough
            }
        }
        return all;
    }
}
