using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Training;

namespace GpuRnn.Cli.Labs.Memory;

/// <summary>How a cell is trained and judged.</summary>
sealed record MemoryOptions(int[] Distances, int Hidden, int Batch, int Steps, double Rate, int Seed);

/// <summary>One cell: trained on cues at all distances, mixed, then judged at each.</summary>
static class MemoryRun
{
    const int Judged = 512;

    /// <summary>The share of right answers at each distance.</summary>
    public static double[] Of(Device device, Cell cell, MemoryOptions o, Action<double> progress, CancellationToken cancel)
    {
        int longest = CueTask.Steps(o.Distances.Max());
        using SequenceClassifier<float> model = new(device, new() { InputSize = CueTask.Symbols, IndexInput = true, Classes = CueTask.Cues, Hidden = o.Hidden, Cell = cell });
        // gates begin with memories of all lengths up to the longest; cells without gates have no such choice
        model.Initialize(o.Seed, memory: longest);
        using ClassifierPass<float> training = model.Plan(longest, o.Batch, training: true), judging = model.Plan(longest, Judged);
        using Adam<float> adam = new(model.Parameters, o.Rate, clip: new() { Norm = 1, NonFinite = NonFinite.Skip });
        Schedule schedule = Schedule.Cosine;
        SplitMix random = new((ulong)o.Seed);
        int[] lengths = new int[Math.Max(o.Batch, Judged)];
        for (int step = 0; step < o.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            int distance = Distance(random, o.Distances.Min(), o.Distances.Max());
            int[] symbols = CueTask.Draw(random, distance, o.Batch, out int[] answers);
            lengths.AsSpan().Fill(CueTask.Steps(distance));
            training.Forward(symbols, lengths.AsSpan(0, o.Batch), step);
            training.Loss(answers, gradient: true);
            training.Backward();
            adam.Rate = o.Rate * schedule.Factor(step, o.Steps);
            adam.Step();
            progress((double)step / o.Steps);
        }
        return [.. o.Distances.Select(Accuracy)];

        double Accuracy(int distance)
        {
            int[] symbols = CueTask.Draw(random, distance, Judged, out int[] answers);
            lengths.AsSpan().Fill(CueTask.Steps(distance));
            judging.Forward(symbols, lengths.AsSpan(0, Judged));
            double[] chances = judging.ReadProbabilities();
            return answers.Where((answer, b) => chances.AsSpan(b * CueTask.Cues, CueTask.Cues) is var row && row.IndexOf(Max(row)) == answer).Count() / (double)Judged;
        }
    }

    static double Max(ReadOnlySpan<double> row) => System.Numerics.Tensors.TensorPrimitives.Max(row);

    /// <summary>As many short as long, by their logarithms.</summary>
    static int Distance(SplitMix random, int least, int most) => (int)Math.Round(least * Math.Pow((double)most / least, random.Uniform()));
}
