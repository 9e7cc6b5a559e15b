using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Classes;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Jets through a classifier: constituents in, hardest last, so that the last steps are those that matter most; a verdict at the end.
/// </summary>
sealed class JetsRun(Device device, TrainOptions options, JetData data, JetFeatures features) : ClassRun<Jet>(
    device, options, new() { InputSize = JetFeatures.Count, Classes = 2 },
    data.Training.Select(j => Math.Min(features.Steps, j.Constituents.Count)), features.Steps, JudgeBatch)
{
    const int JudgeBatch = 256;

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary =>
        $"{data.Name}: {data.Training.Count:N0} to train on, {data.Test.Count:N0} to judge by; "
        + $"up to {features.Steps} constituents";
    public override string LossUnit => "nats a jet";
    public override string Items => "jets";

    protected override Jet Training(int item) => data.Training[item];

    protected override int StepsOf(Jet jet) => Math.Min(features.Steps, jet.Constituents.Count);

    protected override ClassBatch Of(IReadOnlyList<Jet> jets)
    {
        (float[] sequences, int[] lengths) = features.Batch(jets);
        int b = jets.Count, steps = lengths.Max(), size = JetFeatures.Count;
        float[] x = new float[steps * b * size];
        for (int i = 0; i < b; i++)
            for (int t = 0; t < lengths[i]; t++)
                sequences.AsSpan((i * features.Steps + lengths[i] - 1 - t) * size, size).CopyTo(x.AsSpan((t * b + i) * size));
        return new(null, x, lengths, [.. jets.Select(j => j.IsTop ? 1 : 0)]);
    }

    public override double Validate()
    {
        double[] tops = PredictSecond(data.Validation);
        return data.Validation.Select((j, i) => -Math.Log(Math.Max(1e-15, j.IsTop ? tops[i] : 1 - tops[i]))).Average();
    }

    public override void Judge(RunOutcome outcome) => new JetsReport(outcome, data, RunOptions, Cancel).Write(PredictSecond(data.Test));
}
