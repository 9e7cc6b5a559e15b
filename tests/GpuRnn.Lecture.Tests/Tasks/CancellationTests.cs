using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tests.Tasks;

/// <summary>What takes long in a task and is no step looks, as it goes, whether it is still wanted.</summary>
public class CancellationTests
{
    static IEnumerable<string> Tasks => TaskCatalog.Tasks.Select(t => t.Name);

    static TaskRun Open(string name, CancellationToken cancel)
    {
        TrainingTask task = TaskCatalog.Tasks.Single(t => t.Name == name);
        return task.Open(TestDevices.Get("cpu"), TaskLearningTests.Small(task), cancel);
    }

    [TestCaseSource(nameof(Tasks))]
    public void DataIsNotMadeForNobody(string name) =>
        Assert.That(() => Open(name, new(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    static IEnumerable<string> LongJudged => Tasks.Where(name => name != "exam"); // which is judged in a moment

    [TestCaseSource(nameof(LongJudged))]
    public void NothingIsJudgedOrWatchedForNobody(string name)
    {
        using CancellationTokenSource cancel = new();
        using TaskRun run = Open(name, cancel.Token);
        run.Initialize();
        cancel.Cancel();
        Assert.That(() => run.Judge(new(new("nowhere"), new HtmlReport("", ""))), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(run.Validate, Throws.InstanceOf<OperationCanceledException>());
    }
}
