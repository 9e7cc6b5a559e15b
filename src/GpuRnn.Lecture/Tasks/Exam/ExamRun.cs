using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Classes;

namespace GpuRnn.Lecture.Tasks.Exam;

/// <summary>Students through a classifier of one step.</summary>
sealed class ExamRun(Device device, TrainOptions options, ExamData data) : ClassRun<Student>(
    device, options, new() { InputSize = data.Names.Length, Classes = 2 }, Enumerable.Repeat(1, data.Training.Length), 1, JudgeBatch)
{
    const int JudgeBatch = 1024;

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary =>
        $"{data.Name}: {data.Training.Length:N0} students to train on, {data.Test.Length:N0} to judge by; "
        + $"{string.Join(", ", data.Names)}";
    public override string LossUnit => "log loss, nats";
    public override string Items => "students";
    public override (string, double)? Floor => data.Known ? ("the law's own", LawLoss(data.Validation)) : null;

    protected override Student Training(int item) => data.Training[item];

    protected override ClassBatch Of(IReadOnlyList<Student> students) =>
        new(null, data.Scaled(students), [.. students.Select(_ => 1)], [.. students.Select(s => s.Passed ? 1 : 0)]);

    public override double Validate() => ExamReport.MeanLogLoss(data.Validation, PredictSecond(data.Validation));

    static double LawLoss(Student[] students) =>
        ExamReport.MeanLogLoss(students, [.. students.Select(s => ExamLaw.Probability(s.Features))]);

    public override void Judge(RunOutcome outcome) =>
        ExamReport.Write(outcome, data, PredictSecond(data.Test), data.Known ? LawLoss(data.Test) : null);
}
