using GpuRnn.Cli.Tasks.Training;
using GpuRnn.Tests.Devices;
using GpuRnn.Training;

namespace GpuRnn.Tests.Tasks;

/// <summary>Every task learns in a short run, on every device, and goes on as if it had not been broken off.</summary>
public class TaskLearningTests
{
    /// <summary>A small run of a task: its own options, and by how much the loss has to fall.</summary>
    static TrainOptions Small(TrainingTask task)
    {
        TrainOptions o = task.Defaults(false) with
        {
            Task = task.Name, Hidden = 16, Batch = 32, Rate = 0.02,
            Schedule = "constant", Dropout = 0, Cell = "lstm",
            Memory = 0, Horizon = 100
        };
        foreach ((string name, string value) in new[]
        {
            ("students", "500"), ("reviews", "100"), ("pairs", "100"), ("pictures", "100"),
            ("jets", "200"), ("constituents", "5"),
            ("unroll", "12"), ("embedding", "8"), ("beam", "1"),
        })
            if (o.Own.ContainsKey(name)) o.Own[name] = value;
        return o.Checked();
    }

    static IEnumerable<TestCaseData> Cases() =>
        from device in TestDevices.Ids from task in Catalog.Tasks select new TestCaseData(device, task.Name).SetArgDisplayNames(device, task.Name);

    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void LearnsInAShortRun(string device, string name)
    {
        TrainingTask task = Catalog.Tasks.Single(t => t.Name == name);
        TrainOptions options = Small(task);
        using TaskRun run = task.Open(TestDevices.Get(device), options);
        using Optimizer<float> optimizer = OptimizerChoice.Make(run.Parameters, options);
        run.Initialize();
        run.Begin(0);
        double untrained = run.Validate();
        Assert.That(run.Validate(), Is.EqualTo(untrained), "validation leaves no trace");
        List<double> losses = [];
        for (int step = 0; step < 60; step++)
        {
            losses.Add(run.Step(step, 1, false).Loss);
            optimizer.Step();
        }
        // sentiment has to be learned by heart at this size: a hundred reviews do not teach it
        double fall = name == "sentiment" ? 0.85 : 0.9;
        Assert.That(losses.TakeLast(5).Average(), Is.LessThan(fall * losses[0]), string.Join(' ', losses.Select(l => l.ToString("F3"))));
        Assert.That(losses, Is.All.Positive.And.All.LessThan(20));
    }

    /// <summary>Two batches that add up have the gradient of the mean of both.</summary>
    [TestCase("exam"), TestCase("jets"), TestCase("captions")]
    public void AccumulatedBatchesAddUp(string name)
    {
        TrainingTask task = Catalog.Tasks.Single(t => t.Name == name);
        TrainOptions options = Small(task);
        using TaskRun run = task.Open(TestDevices.Get("cpu"), options);
        run.Initialize();
        float[] Gradient(params double[] shares)
        {
            run.Begin(0);
            for (int i = 0; i < shares.Length; i++) run.Step(0, shares[i], i > 0);
            float[] all = new float[run.Parameters.Length];
            foreach (var p in run.Parameters.All) run.Parameters.GetGradient(p.Name).CopyTo(all, p.Offset);
            return all;
        }
        float[] both = Gradient(0.5, 0.5), first = Gradient(1), second = Gradient(0, 1).ToArray();
        // the second batch alone: the first one counts for nothing
        Assert.That(Numerics.Numbers.Error(both, [.. first.Zip(second, (a, b) => (a + (double)b) / 2)]), Is.LessThan(1e-5));
        Assert.That(first, Is.Not.EqualTo(second));
    }
}
