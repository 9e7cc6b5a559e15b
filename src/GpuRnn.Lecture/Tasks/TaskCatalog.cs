using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Tasks;

/// <summary>The tasks of `gpurnn train`.</summary>
public static class TaskCatalog
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
