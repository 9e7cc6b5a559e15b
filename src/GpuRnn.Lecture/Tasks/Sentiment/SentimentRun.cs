using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Classes;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>Reviews through a classifier: words in, a verdict at the end. A review longer than the most is read from its end.</summary>
sealed class SentimentRun(Device device, TrainOptions options, ReviewData data) : ClassRun<Review>(
    device, options, new() { InputSize = data.Vocabulary.Size, IndexInput = true, Classes = data.Labels.Length }, data.Lengths, MostWords,
    JudgeBatch)
{
    const int MostWords = 400, JudgeBatch = 128;

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary =>
        $"{data.Name}: {data.Lengths.Length:N0} reviews to train on, {data.Vocabulary.Size:N0} words; "
        + $"{string.Join(", ", data.Labels)}";
    public override string LossUnit => "nats a review";
    public override string Items => "words";

    protected override Review Training(int item) => data.Training(item);

    protected override int StepsOf(Review review) => review.Words.Length;

    protected override int ItemsOf(ClassBatch batch) => batch.Lengths.Sum();

    protected override ClassBatch Of(IReadOnlyList<Review> reviews)
    {
        int[][] encoded = [.. reviews.Select(r => data.Vocabulary.Encode(r.Words.TakeLast(MostWords)))];
        int steps = encoded.Max(e => e.Length);
        int[] words = new int[steps * reviews.Count];
        for (int b = 0; b < encoded.Length; b++)
            for (int t = 0; t < encoded[b].Length; t++) words[t * encoded.Length + b] = encoded[b][t];
        return new(words, null, [.. encoded.Select(e => e.Length)], [.. reviews.Select(r => r.Label)]);
    }

    public override double Validate()
    {
        double[][] chances = Predict(data.Validation);
        return data.Validation.Select((r, i) => -Math.Log(Math.Max(1e-15, chances[i][r.Label]))).Average();
    }

    /// <summary>The chance of each label after each word of a review.</summary>
    double[][] Running(Review review)
    {
        ClassBatch batch = Of([review]);
        using ClassifierPass<float> along = Model.Plan(batch.Words!.Length, 1, new() { EveryStep = true });
        Forward(along, batch);
        return [.. along.ReadProbabilities().Chunk(data.Labels.Length)];
    }

    public override void SaveBeside(string folder) => data.Vocabulary.Save(Path.Combine(folder, "vocabulary.json"));

    public override void Judge(RunOutcome outcome) =>
        new SentimentReport(outcome, data, Running).Write(Predict(data.Test), Predict(data.Longer));

    public override void Dispose()
    {
        base.Dispose();
        data.Dispose();
    }
}
