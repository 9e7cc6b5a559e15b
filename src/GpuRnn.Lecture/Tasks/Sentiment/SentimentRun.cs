using GpuRnn.Lecture.Runs;
using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>Reviews through a classifier: words in, a verdict at the end. Batches are of reviews of about one length.</summary>
sealed class SentimentRun : BatchRun<SentimentRun.Batch>
{
    const int MostWords = 400, JudgeBatch = 128;

    /// <summary>Reviews as a network reads them, [T, B]; a review longer than the most is read from its end.</summary>
    internal sealed record Batch(int[] Words, int[] Lengths, int[] Labels);

    readonly ReviewData data;
    readonly SequenceClassifier<float> model;
    readonly ClassifierPass<float> training, judging;
    readonly BatchOrder order;
    readonly int size;
    Prefetch<Batch>? batches;

    public SentimentRun(Device device, TrainOptions options, ReviewData data) : base(options)
    {
        this.data = data;
        size = Math.Min(options.Batch, data.Lengths.Length);
        order = new(data.Lengths, size, options.Seed);
        model = new(device, new()
        {
            InputSize = data.Vocabulary.Size, IndexInput = true, Classes = data.Labels.Length,
            Hidden = options.Hidden, Layers = options.Layers, Cell = Cell.Named(options.Cell)
        });
        training = model.Plan(MostWords, size, training: true, options.DropoutOptions);
        training.Head.LabelSmoothing = options.Smoothing;
        judging = model.Plan(MostWords, JudgeBatch);
    }

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary =>
        $"{data.Name}: {data.Lengths.Length:N0} reviews to train on, {data.Vocabulary.Size:N0} words; "
        + $"{string.Join(", ", data.Labels)}";
    public override string LossUnit => "nats a review";
    public override string Items => "words";
    public override Parameters<float> Parameters => model.Parameters;

    public override void Initialize() => model.Initialize(RunOptions.Seed, RunOptions.Memory);

    public override void Begin(long batch)
    {
        batches?.Dispose();
        batches = new(number => Of([.. order.Batch(number).Select(data.Training)]), batch);
    }

    Batch Of(IReadOnlyList<Review> reviews)
    {
        int[][] encoded = [.. reviews.Select(r => data.Vocabulary.Encode(r.Words.TakeLast(MostWords)))];
        int steps = encoded.Max(e => e.Length);
        int[] words = new int[steps * reviews.Count];
        for (int b = 0; b < encoded.Length; b++)
            for (int t = 0; t < encoded[b].Length; t++) words[t * encoded.Length + b] = encoded[b][t];
        return new(words, [.. encoded.Select(e => e.Length)], [.. reviews.Select(r => r.Label)]);
    }

    protected override Batch Next() => batches!.Next();

    protected override int Rows(Batch batch) => batch.Lengths.Length;

    protected override int ItemsOf(Batch batch) => batch.Lengths.Sum();

    protected override double Learn(Batch batch, long masks, double scale, bool accumulate)
    {
        training.Forward(batch.Words, batch.Lengths, masks);
        training.Head.Scale = scale;
        double loss = training.Loss(batch.Labels, gradient: true);
        training.Backward(accumulate);
        return loss;
    }

    public override double Validate()
    {
        double[][] chances = Predict(data.Validation);
        return data.Validation.Select((r, i) => -Math.Log(Math.Max(1e-15, chances[i][r.Label]))).Average();
    }

    /// <summary>The chance of each label for each review.</summary>
    double[][] Predict(Review[] reviews)
    {
        double[][] all = new double[reviews.Length][];
        int[] byLength = [.. Enumerable.Range(0, reviews.Length).OrderBy(i => reviews[i].Words.Length)];
        foreach (int[] chunk in byLength.Chunk(JudgeBatch).WithCancellation(Cancel))
        {
            Batch batch = Of([.. chunk.Select(i => reviews[i])]);
            judging.Forward(batch.Words, batch.Lengths);
            double[] p = judging.ReadProbabilities();
            for (int i = 0; i < chunk.Length; i++) all[chunk[i]] = p[(i * data.Labels.Length)..((i + 1) * data.Labels.Length)];
        }
        return all;
    }

    /// <summary>The chance of each label after each word of a review.</summary>
    double[][] Running(Review review)
    {
        Batch batch = Of([review]);
        using ClassifierPass<float> along = model.Plan(batch.Words.Length, 1, everyStep: true);
        along.Forward(batch.Words, batch.Lengths);
        return [.. along.ReadProbabilities().Chunk(data.Labels.Length)];
    }

    public override void SaveBeside(string folder) => data.Vocabulary.Save(Path.Combine(folder, "vocabulary.json"));

    public override void Judge(RunOutcome outcome) => new SentimentReport(outcome, data, Running).Write(Predict(data.Test), Predict(data.Longer));

    public override void Dispose()
    {
        batches?.Dispose();
        judging.Dispose();
        training.Dispose();
        model.Dispose();
        data.Dispose();
    }
}
