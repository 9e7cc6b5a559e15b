using GpuRnn.Lecture.Runs;
using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Jets through a classifier: constituents in, hardest last, so that the last steps are those that matter most; a verdict at the end.
/// </summary>
sealed class JetsRun : BatchRun<JetsRun.Batch>
{
    const int JudgeBatch = 256;

    /// <summary>[T, B, features].</summary>
    internal sealed record Batch(float[] X, int[] Lengths, int[] Labels);

    readonly JetData data;
    readonly JetFeatures features;
    readonly SequenceClassifier<float> model;
    readonly ClassifierPass<float> training, judging;
    readonly BatchOrder order;
    Prefetch<Batch>? batches;

    public JetsRun(Device device, TrainOptions options, JetData data) : base(options)
    {
        this.data = data;
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

    public override void Initialize() => model.Initialize(RunOptions.Seed, RunOptions.Memory);

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

    protected override Batch Next() => batches!.Next();

    protected override int Rows(Batch batch) => batch.Lengths.Length;

    protected override double Learn(Batch batch, long masks, double scale, bool accumulate)
    {
        training.Forward(batch.X.AsSpan(), batch.Lengths, masks);
        training.Head.Scale = scale;
        double loss = training.Loss(batch.Labels, gradient: true);
        training.Backward(accumulate);
        return loss;
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
        foreach (int[] chunk in Enumerable.Range(0, jets.Count).Chunk(JudgeBatch).WithCancellation(Cancel))
        {
            Batch batch = Of([.. chunk.Select(i => jets[i])]);
            judging.Forward(batch.X.AsSpan(), batch.Lengths);
            double[] p = judging.ReadProbabilities();
            for (int i = 0; i < chunk.Length; i++) all[chunk[i]] = p[2 * i + 1];
        }
        return all;
    }

    public override void Judge(RunOutcome outcome) => new JetsReport(outcome, data, RunOptions, Cancel).Write(Predict(data.Test));

    public override void Dispose()
    {
        batches?.Dispose();
        judging.Dispose();
        training.Dispose();
        model.Dispose();
    }
}
