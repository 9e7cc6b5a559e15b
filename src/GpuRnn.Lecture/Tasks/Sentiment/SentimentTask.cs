using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>Many-to-one: is a review for the film or against it?</summary>
sealed class SentimentTask : TrainingTask
{
    public override string Name => "sentiment";
    public override string Description =>
        "Many-to-one: is a review for the film? With negation, contrast, and sarcasm far from the verdict.";
    public override string DataDescription =>
        "A UTF-8 file of lines LABEL<TAB>TEXT, of any number of labels; "
        + "without it, reviews from a grammar whose verdicts are known.";

    public const string Reviews = "reviews";
    public override IReadOnlyList<OwnOption> Options =>
        [OwnOption.Whole(Reviews, "Reviews to draw to train on, where there is no file", 100)];

    public override TrainOptions Defaults(bool ownData) => ownData
        ? new() { Hidden = 128, Batch = 64, Rate = 2e-3, Horizon = 3000, Dropout = 0.3, Memory = 30, Own = { [Reviews] = "60000" } }
        : new() { Hidden = 64, Batch = 64, Rate = 5e-3, Horizon = 4000, Memory = 30, Own = { [Reviews] = "60000" } };

    public override TaskRun Open(Device device, TrainOptions options, CancellationToken cancel) =>
        new SentimentRun(device, options, ReviewData.Load(options.Data, options.Seed, options.Whole(Reviews), cancel)) { Cancel = cancel };
}
