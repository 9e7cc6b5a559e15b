using System.Numerics.Tensors;
using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Labs.Memory;

/// <summary>How cells are trained and judged.</summary>
sealed record MemoryOptions(int[] Distances, int Hidden, int Batch, int Steps, double Rate, int Seed);

/// <summary>A cell, and whether its W_hh begins as a rotation, which neither shrinks nor grows what it carries.</summary>
sealed record Contender(Cell Cell, bool Rotation)
{
    public string Name => Rotation ? $"{Cell.Name}_rotation" : Cell.Name;
}

/// <summary>One cell at one distance: a network of its own, trained until it knows or its steps are used up, then judged.</summary>
static class MemoryRun
{
    const int Judged = 1024, JudgedTogether = 256;
    /// <summary>Of the loss, smoothed, in nats: what is left when it is known; a guess costs 2.08.</summary>
    const double Known = 0.003;

    /// <summary>The share of right answers, and the steps that it took.</summary>
    public static (double Accuracy, int Steps) Of(
        Device device, Contender contender, int distance, MemoryOptions o,
        Action<double> progress, CancellationToken cancel)
    {
        int length = CueTask.Steps(distance);
        using SequenceClassifier<float> model = new(device, new()
        {
            InputSize = CueTask.Symbols, IndexInput = true, Classes = CueTask.Cues,
            Hidden = o.Hidden, Cell = contender.Cell
        });
        // gates begin with memories of all lengths up to this one; cells without gates have no such choice
        model.Initialize(o.Seed, memory: length);
        if (contender.Rotation) HiddenWeights.Set(model.Network, HiddenWeights.Orthogonal(o.Hidden, 1, o.Seed));
        using ClassifierPass<float> training = model.Plan(length, o.Batch, new() { Training = true }),
            judging = model.Plan(length, JudgedTogether);
        using Adam<float> adam = new(model.Parameters, o.Rate, clip: new() { Norm = 1, NonFinite = NonFinite.Skip });
        SplitMix random = new((ulong)o.Seed * 1000 + (ulong)distance);
        int[] lengths = [.. Enumerable.Repeat(length, Math.Max(o.Batch, JudgedTogether))];
        double smooth = Math.Log(CueTask.Cues);
        int step = 0;
        while (step < o.Steps && smooth > Known)
        {
            cancel.ThrowIfCancellationRequested();
            int[] symbols = CueTask.Draw(random, distance, o.Batch, out int[] answers);
            training.Forward(symbols, lengths.AsSpan(0, o.Batch), step);
            double loss = training.Loss(answers, gradient: true);
            training.Backward();
            adam.Rate = o.Rate * Schedule.Cosine.Factor(step, o.Steps);
            adam.Step();
            smooth += (loss - smooth) * 0.1;
            progress((double)++step / o.Steps);
        }
        int right = 0;
        for (int done = 0; done < Judged; done += JudgedTogether)
        {
            int[] symbols = CueTask.Draw(random, distance, JudgedTogether, out int[] answers);
            judging.Forward(symbols, lengths.AsSpan(0, JudgedTogether));
            double[] chances = judging.ReadProbabilities();
            right += answers.Where((answer, b) => TensorPrimitives.IndexOfMax(chances.AsSpan(b * CueTask.Cues, CueTask.Cues)) == answer)
                .Count();
        }
        return (right / (double)Judged, step);
    }
}
