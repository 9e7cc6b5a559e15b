using GpuRnn.Lecture.Runs;
using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Exam;

/// <summary>Students through a classifier of one step.</summary>
sealed class ExamRun : BatchRun<Student[]>
{
    const int JudgeBatch = 1024;

    readonly ExamData data;
    readonly SequenceClassifier<float> model;
    readonly ClassifierPass<float> training, judging;
    readonly BatchOrder order;
    readonly int[] ones;
    long next;

    public ExamRun(Device device, TrainOptions options, ExamData data) : base(options)
    {
        this.data = data;
        order = new(Enumerable.Repeat(1, data.Training.Length), Math.Min(options.Batch, data.Training.Length), options.Seed);
        model = new(device, new()
        {
            InputSize = data.Names.Length, Classes = 2,
            Hidden = options.Hidden, Layers = options.Layers, Cell = Cell.Named(options.Cell)
        });
        training = model.Plan(1, options.Batch, training: true, options.DropoutOptions);
        training.Head.LabelSmoothing = options.Smoothing;
        judging = model.Plan(1, JudgeBatch);
        ones = [.. Enumerable.Repeat(1, Math.Max(options.Batch, JudgeBatch))];
    }

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary =>
        $"{data.Name}: {data.Training.Length:N0} students to train on, {data.Test.Length:N0} to judge by; "
        + $"{string.Join(", ", data.Names)}";
    public override string LossUnit => "log loss, nats";
    public override string Items => "students";
    public override Parameters<float> Parameters => model.Parameters;
    public override (string, double)? Floor => data.Known ? ("the law's own", LawLoss(data.Validation)) : null;

    public override void Initialize() => model.Initialize(RunOptions.Seed, RunOptions.Memory);

    public override void Begin(long batch) => next = batch;

    protected override Student[] Next() => [.. order.Batch(next++).Select(i => data.Training[i])];

    protected override int Rows(Student[] batch) => batch.Length;

    protected override double Learn(Student[] batch, long masks, double scale, bool accumulate)
    {
        training.Forward(data.Scaled(batch), ones.AsSpan(0, batch.Length), masks);
        training.Head.Scale = scale;
        double loss = training.Loss([.. batch.Select(s => s.Passed ? 1 : 0)], gradient: true);
        training.Backward(accumulate);
        return loss;
    }

    public override double Validate() => ExamReport.MeanLogLoss(data.Validation, Predict(data.Validation));

    double[] Predict(Student[] students)
    {
        List<double> all = [];
        foreach (Student[] chunk in students.Chunk(JudgeBatch))
        {
            judging.Forward(data.Scaled(chunk), ones.AsSpan(0, chunk.Length));
            double[] p = judging.ReadProbabilities();
            for (int i = 0; i < chunk.Length; i++) all.Add(p[2 * i + 1]);
        }
        return [.. all];
    }

    static double LawLoss(Student[] students) => ExamReport.MeanLogLoss(students, [.. students.Select(s => ExamLaw.Probability(s.Features))]);

    public override void Judge(RunOutcome outcome) =>
        ExamReport.Write(outcome, data, Predict(data.Test), data.Known ? LawLoss(data.Test) : null);

    public override void Dispose()
    {
        judging.Dispose();
        training.Dispose();
        model.Dispose();
    }
}
