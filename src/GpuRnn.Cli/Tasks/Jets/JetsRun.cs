using GpuRnn.Cli.Tasks.Training;
using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;

namespace GpuRnn.Cli.Tasks.Jets;

/// <summary>Jets through a classifier: constituents in, hardest last, so that the last steps are those that matter most; a verdict at the end.</summary>
sealed class JetsRun : TaskRun
{
    const int JudgeBatch = 256;

    /// <summary>[T, B, features].</summary>
    sealed record Batch(float[] X, int[] Lengths, int[] Labels);

    readonly JetData data;
    readonly TrainOptions options;
    readonly JetFeatures features;
    readonly SequenceClassifier<float> model;
    readonly ClassifierPass<float> training, judging;
    readonly BatchOrder order;
    Prefetch<Batch>? batches;

    public JetsRun(Device device, TrainOptions options, JetData data)
    {
        (this.data, this.options) = (data, options);
        features = new(options.Whole(JetsTask.Constituents));
        int size = Math.Min(options.Batch, data.Training.Count);
        order = new(data.Training.Select(j => Math.Min(features.Steps, j.Constituents.Count)), size, options.Seed);
        model = new(device, new()
        {
            InputSize = JetFeatures.Count, Classes = 2,
            Hidden = options.Hidden, Layers = options.Layers, Cell = Cell.Named(options.Cell)
        });
        training = model.Plan(features.Steps, size, training: true, options.DropoutOptions);
        training.Head.LabelSmoothing = options.Smoothing;
        judging = model.Plan(features.Steps, JudgeBatch);
    }

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary =>
        $"{data.Name}: {data.Training.Count:N0} to train on, {data.Test.Count:N0} to judge by; "
        + $"up to {features.Steps} constituents";
    public override string LossUnit => "nats a jet";
    public override string Items => "jets";
    public override Parameters<float> Parameters => model.Parameters;

    public override void Initialize() => model.Initialize(options.Seed, options.Memory);

    public override void Begin(long batch)
    {
        batches?.Dispose();
        batches = new(number => Of([.. order.Batch(number).Select(i => data.Training[i])]), batch);
    }

    Batch Of(IReadOnlyList<Jet> jets)
    {
        (float[] sequences, int[] lengths) = features.Batch(jets);
        int b = jets.Count, steps = lengths.Max(), size = JetFeatures.Count;
        float[] x = new float[steps * b * size];
        for (int i = 0; i < b; i++)
            for (int t = 0; t < lengths[i]; t++)
                sequences.AsSpan((i * features.Steps + lengths[i] - 1 - t) * size, size).CopyTo(x.AsSpan((t * b + i) * size));
        return new(x, lengths, [.. jets.Select(j => j.IsTop ? 1 : 0)]);
    }

    public override (double Loss, int Items) Step(long step, double share, bool accumulate)
    {
        Batch batch = batches!.Next();
        training.Forward(batch.X.AsSpan(), batch.Lengths, step);
        training.Head.Scale = share / batch.Lengths.Length;
        double loss = training.Loss(batch.Labels, gradient: true) / share;
        training.Backward(accumulate);
        return (loss, batch.Lengths.Length);
    }

    public override double Validate()
    {
        double[] chances = Predict(data.Validation);
        return data.Validation.Select((j, i) => -Math.Log(Math.Max(1e-15, j.IsTop ? chances[i] : 1 - chances[i]))).Average();
    }

    /// <summary>The chance that each jet is a top's.</summary>
    double[] Predict(IReadOnlyList<Jet> jets)
    {
        double[] all = new double[jets.Count];
        foreach (int[] chunk in Enumerable.Range(0, jets.Count).Chunk(JudgeBatch))
        {
            Batch batch = Of([.. chunk.Select(i => jets[i])]);
            judging.Forward(batch.X.AsSpan(), batch.Lengths);
            double[] p = judging.ReadProbabilities();
            for (int i = 0; i < chunk.Length; i++) all[chunk[i]] = p[2 * i + 1];
        }
        return all;
    }

    public override void Judge(RunOutcome outcome) => new JetsReport(outcome, data, options).Write(Predict(data.Test));

    public override void Dispose()
    {
        batches?.Dispose();
        judging.Dispose();
        training.Dispose();
        model.Dispose();
    }
}
