using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Tests.Tasks;

/// <summary>Every task learns in a short run, on every device, and goes on as if it had not been broken off.</summary>
public class TaskLearningTests
{
    /// <summary>A small run of a task: its own options, and by how much the loss has to fall.</summary>
    internal static TrainOptions Small(TrainingTask task)
    {
        TrainOptions o = task.Defaults(false) with
        {
            Task = task.Name,
            Hidden = 16,
            Batch = 32,
            Rate = 0.02,
            Schedule = "constant",
            Dropout = 0,
            Cell = "lstm",
            Memory = 0,
            Horizon = 100
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
        from device in TestDevices.Ids
        from task in TaskCatalog.Tasks
        select new TestCaseData(device, task.Name)
            .SetArgDisplayNames(device, task.Name);

    [TestCaseSource(nameof(Cases)), Category("Device")]
    public void LearnsInAShortRun(string device, string name)
    {
        TrainingTask task = TaskCatalog.Tasks.Single(t => t.Name == name);
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
            losses.Add(run.Step(step).Loss);
            optimizer.Step();
        }
        // sentiment has to be learned by heart at this size: a hundred reviews do not teach it
        double fall = name == "sentiment" ? 0.85 : 0.9;
        Assert.That(losses.TakeLast(5).Average(), Is.LessThan(fall * losses[0]), string.Join(' ', losses.Select(l => l.ToString("F3"))));
        Assert.That(losses, Is.All.Positive.And.All.LessThan(20));
    }
}
