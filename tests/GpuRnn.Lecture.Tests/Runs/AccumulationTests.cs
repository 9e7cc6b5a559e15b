using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Lecture.Tasks.Exam;
using GpuRnn.Lecture.Tests.Tasks;

namespace GpuRnn.Lecture.Tests.Runs;

/// <summary>Several batches a step are one batch of all their rows, in every task of the catalog.</summary>
public class AccumulationTests
{
    static IEnumerable<string> All => TaskCatalog.Tasks.Select(t => t.Name);
    static IEnumerable<string> OfExamples => All.Where(name => name != "text"); // whose batches follow on each other in time

    static TrainOptions Options(string name) =>
        TaskLearningTests.Small(TaskCatalog.Tasks.Single(t => t.Name == name)) with { Smoothing = 0.1, Batch = 16 };

    static TaskRun Open(TrainOptions options)
    {
        TaskRun run = TaskCatalog.Tasks.Single(t => t.Name == options.Task).Open(TestDevices.Get("cpu"), options);
        run.Initialize();
        run.Begin(0);
        return run;
    }

    static float[] GradientOf(TaskRun run)
    {
        float[] all = new float[run.Parameters.Length];
        foreach (var p in run.Parameters.All) run.Parameters.GetGradient(p.Name).CopyTo(all, p.Offset);
        return all;
    }

    /// <summary>Half batches of a whole portion, two a step, beside the portion as one batch.</summary>
    [TestCaseSource(nameof(OfExamples))]
    public void TwoHalvesAreTheWhole(string name)
    {
        TrainOptions options = Options(name);
        int half = (name switch
        {
            "exam" => ExamData.Load(null, options.Seed, options.Whole(ExamTask.Students)).Training.Length,
            "jets" => 200,
            _ => 100,
        }) / 2;
        using TaskRun whole = Open(options with { Batch = 2 * half }), halves = Open(options with { Batch = half, Accumulate = 2 });
        (double Loss, int Items) expected = whole.Step(0), got = halves.Step(0);
        Assert.That(got.Items, Is.EqualTo(expected.Items), "the same items");
        Assert.That(got.Loss, Is.EqualTo(expected.Loss).Within(1e-5).Percent);
        float[] right = GradientOf(whole);
        Assert.That(right.Max(Math.Abs), Is.GreaterThan(1e-4));
        Assert.That(Numbers.Error(GradientOf(halves), [.. right.Select(g => (double)g)]), Is.LessThan(1e-5));
    }

    /// <summary>
    /// Each row counts the same, whatever batch it is in, and each batch has the masks that it would have as a step of its own.
    /// </summary>
    [TestCaseSource(nameof(All))]
    public void GradientsAddUpByTheirRows(string name)
    {
        TrainOptions options = Options(name) with { Dropout = 0.3, Batch = 8 };
        using TaskRun single = Open(options), several = Open(options with { Accumulate = 3 });
        double rows = 0, loss = 0;
        double[] expected = new double[single.Parameters.Length];
        for (int batch = 0; batch < 3; batch++)
        {
            (double mean, int items) = single.Step(batch);
            int own = name == "sentiment" ? options.Batch : items; // reviews are counted in words, and their losses are not
            loss += mean * own;
            rows += own;
            float[] gradient = GradientOf(single);
            for (int i = 0; i < expected.Length; i++) expected[i] += (double)gradient[i] * own;
        }
        Assert.That(several.Step(0).Loss, Is.EqualTo(loss / rows).Within(1e-4).Percent);
        Assert.That(Numbers.Error(GradientOf(several), [.. expected.Select(e => e / rows)]), Is.LessThan(1e-5));
    }
}
