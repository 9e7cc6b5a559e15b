namespace GpuRnn.Cli.Tasks.Training;

/// <summary>The tasks of `gpurnn train`.</summary>
static class Catalog
{
    public static IReadOnlyList<TrainingTask> Tasks { get; } =
    [
        new Exam.ExamTask(),
        new Sentiment.SentimentTask(),
        new Captions.CaptionsTask(),
        new Translation.TranslationTask(),
        new Text.TextTask(),
        new Jets.JetsTask()
    ];
}
