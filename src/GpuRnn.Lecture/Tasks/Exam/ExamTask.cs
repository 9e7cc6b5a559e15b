using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Tasks.Exam;

/// <summary>One-to-one: pass or fail from what a student did. A recurrent network over one step is a plain one.</summary>
sealed class ExamTask : TrainingTask
{
    public override string Name => "exam";
    public override string Description =>
        "One-to-one: does a student pass? From hours, attendance and past marks, beside the law that decides it.";
    public override string DataDescription =>
        "A CSV file with a header: numbers, and a column 'pass' (or the last) of 0 and 1; "
        + "without it, students drawn from a known law.";

    public const string Students = "students";
    public override IReadOnlyList<OwnOption> Options => [OwnOption.Whole(Students, "Students to draw, where there is no file", 100)];

    public override TrainOptions Defaults(bool ownData) => new()
    {
        Cell = "rnn_tanh", Hidden = 16, Batch = 256, Rate = 1e-2,
        Horizon = 4000, Schedule = "cosine",
        Own = { [Students] = "120000" }
    };

    public override TaskRun Open(Device device, TrainOptions options, CancellationToken cancel) =>
        new ExamRun(device, options, ExamData.Load(options.Data, options.Seed, options.Whole(Students), cancel)) { Cancel = cancel };
}
