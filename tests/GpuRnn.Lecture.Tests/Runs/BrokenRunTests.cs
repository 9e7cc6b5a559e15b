using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Lecture.Tests.Tasks;

namespace GpuRnn.Lecture.Tests.Runs;

/// <summary>A run that was killed, at any step and in the middle of an evaluation too, goes on as if it had not been.</summary>
public class BrokenRunTests
{
    sealed class Killed : Exception;

    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    static TrainingTask Task => TaskCatalog.Tasks.Single(t => t.Name == "exam");

    static TrainOptions Options => TaskLearningTests.Small(Task) with { Patience = 100, Dropout = 0.2 };

    /// <summary>Trains to a number of steps, saving whenever it may. What may be done to it meanwhile is told each step.</summary>
    Curve Train(string name, int steps, Action<RunProgress>? meanwhile = null, TimeSpan? saveEvery = null,
        CancellationToken cancel = default)
    {
        RunFolder run = new(Path.Combine(folder, name));
        bool resume = run.HoldsRun;
        run.Make();
        using TaskRun task = Task.Open(TestDevices.Get("cpu"), Options, cancel);
        using TrainingRun training = new(Options, task, run) { SaveEvery = saveEvery ?? TimeSpan.Zero };
        training.Begin(resume);
        training.Train(new(steps, null), meanwhile ?? (_ => { }), cancel);
        return training.Curve;
    }

    static IEnumerable<(long, double, double?)> Values(Curve curve) => curve.Points.Select(p => (p.Step, p.Training, p.Validation));

    void AssertSameFiles(string name, string other)
    {
        foreach (string file in new[] { "training.safetensors", "model.safetensors", "best.safetensors" })
            Assert.That(File.ReadAllBytes(Path.Combine(folder, name, file)),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(folder, other, file))), file);
    }

    [Test]
    public void CurveAndSecondsOutliveAKill()
    {
        Curve whole = Train("whole", 100);
        foreach (int kill in new[] { 7, 30, 61 })
            Assert.Throws<Killed>(() => Train("killed", 100, p =>
            {
                if (p.Step == kill) throw new Killed();
                Thread.Sleep(1);
            }));
        Curve curve = Train("killed", 100);
        Assert.That(Values(curve), Is.EqualTo(Values(whole)));
        Assert.That(curve.Points.Select(p => p.Seconds), Is.Ordered);
        Assert.That(curve.Points[^1].Seconds, Is.GreaterThan(0.06), "the seconds of all parts, not of the last");
        AssertSameFiles("killed", "whole");
    }

    /// <summary>The curve is written before the checkpoint: it may be of later steps, never of too few.</summary>
    [Test]
    public void ACurveThatKnowsMoreThanTheCheckpointIsCut()
    {
        Curve whole = Train("whole", 100);
        Train("killed", 60);
        File.Copy(Path.Combine(folder, "whole", "curve.json"), Path.Combine(folder, "killed", "curve.json"), true);
        Assert.That(Values(Train("killed", 60)), Is.EqualTo(Values(whole).Take(3)));
    }

    /// <summary>Where a run began anew, what the old one wrote last is not the new one's past.</summary>
    [Test]
    public void ACurveOfAnotherRunIsNotTakenOver()
    {
        Train("killed", 60);
        string path = Path.Combine(folder, "killed", "curve.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\\\"Seed\\\":1", "\\\"Seed\\\":2", StringComparison.Ordinal)
            .Replace("\\u0022Seed\\u0022:1", "\\u0022Seed\\u0022:2", StringComparison.Ordinal));
        Assert.That(Train("killed", 60).Points, Is.Empty);
    }

    /// <summary>Cancelled at a step whose evaluation is due: the evaluation is made up for, and counts for the best model.</summary>
    [Test]
    public void AnEvaluationThatWasBrokenOffIsMadeUpFor([Values(20, 40)] int step)
    {
        Curve whole = Train("whole", 100);
        using CancellationTokenSource cancel = new();
        TrainingTask task = Task;
        RunFolder run = new(Path.Combine(folder, "killed"));
        run.Make();
        using (TaskRun inner = task.Open(TestDevices.Get("cpu"), Options))
        using (TrainingRun training = new(Options, new CancelledAt(inner, step, cancel), run))
        {
            training.Begin(false);
            training.Train(new(100, null), _ => { }, cancel.Token);
            Assert.That(training.Steps, Is.EqualTo(step));
        }
        Assert.That(Values(Train("killed", 100)), Is.EqualTo(Values(whole)));
        AssertSameFiles("killed", "whole");
    }

    /// <summary>A task whose validation after a step is cancelled.</summary>
    sealed class CancelledAt(TaskRun task, long at, CancellationTokenSource cancel) : TaskRun
    {
        long steps;

        public override string DataName => task.DataName;
        public override string DataHash => task.DataHash;
        public override string Summary => task.Summary;
        public override string LossUnit => task.LossUnit;
        public override string Items => task.Items;
        public override Layers.Parameters<float> Parameters => task.Parameters;
        public override void Initialize() => task.Initialize();
        public override void Begin(long batch) => task.Begin(batch);
        public override void Judge(RunOutcome outcome) => task.Judge(outcome);
        public override void Dispose() => task.Dispose();

        public override (double Loss, int Items) Step(long step)
        {
            steps = step + 1;
            return task.Step(step);
        }

        public override double Validate()
        {
            if (steps == at) cancel.Cancel();
            cancel.Token.ThrowIfCancellationRequested();
            return task.Validate();
        }
    }
}
