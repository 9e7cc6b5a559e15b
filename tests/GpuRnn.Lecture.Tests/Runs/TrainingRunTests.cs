using GpuRnn.Interop;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Lecture.Tests.Tasks;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Tests.Runs;

/// <summary>A run in small, from within: which weights it judges, when it stops, and that no option is without effect.</summary>
public class TrainingRunTests
{
    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    static TrainingTask Task(string name) => TaskCatalog.Tasks.Single(t => t.Name == name);

    /// <summary>A rate that overshoots: validation is best early, and gets worse.</summary>
    static TrainOptions Overshooting(int patience) =>
        TaskLearningTests.Small(Task("exam")) with
        {
            Rate = 0.3,
            Optimizer = "sgd",
            Clip = 0,
            Hidden = 4,
            Patience = patience,
            Horizon = 400
        };

    static float[] Weights(string file, TaskRun like)
    {
        float[] before = like.Parameters.GetAll();
        ModelFile.Load(file, like.Parameters);
        float[] read = like.Parameters.GetAll();
        like.Parameters.SetAll(before);
        return read;
    }

    /// <summary>
    /// With patience the best weights are judged, and model and best model are files of their own; without, the last ones are judged.
    /// </summary>
    [Test]
    public void TheBestWeightsAreJudgedWhereThatIsAsked([Values(0, 3)] int patience)
    {
        TrainOptions options = Overshooting(patience);
        RunFolder run = new(folder);
        using TaskRun task = Task("exam").Open(TestDevices.Get("cpu"), options);
        using TrainingRun training = new(options, task, run);
        training.Begin(false);
        training.Train(new(400, null), p => Disturb(task, p.Step), CancellationToken.None);
        float[] last = Weights(run.Model, task), best = Weights(run.Best, task);
        Assert.That(best, Is.Not.EqualTo(last));
        double[] validations = [.. training.Curve.Points.Where(p => p.Validation is not null).Select(p => p.Validation!.Value)];
        training.Finish();
        Assert.That(task.Parameters.GetAll(), Is.EqualTo(patience > 0 ? best : last));
        double judged = training.Curve.Points[^1].Validation!.Value;
        Assert.That(judged, Is.EqualTo(task.Validate()));
        // evaluations are 20 steps apart: three without an improvement are enough
        int improved = Array.IndexOf(validations, validations.Min()) + 1;
        if (patience > 0) Assert.That(judged, Is.EqualTo(validations.Min()));
        Assert.That((training.Steps, training.StoppedEarly), Is.EqualTo(patience > 0 ? (20L * (improved + 3), true) : (400L, false)));
    }

    /// <summary>From step 21 on the model forgets what it knew.</summary>
    static void Disturb(TaskRun task, long step)
    {
        if (step <= 20) return;
        float[] weights = task.Parameters.GetAll();
        for (int i = 0; i < weights.Length; i++) weights[i] += 0.05f * (i % 2 == 0 ? 1 : -1);
        task.Parameters.SetAll(weights);
    }

    static readonly TrainOptions s_other = new()
    {
        Cell = "gru", Hidden = 10, Layers = 2, Batch = 6, Seed = 5, Optimizer = "rmsprop", Rate = 0.011, Schedule = "inverse:3",
        Horizon = 17, Clip = 0.01,
        ClipNorm = "infinity", ClipValue = 1e-4, Dropout = 0.3, Variational = true, WeightDecay = 0.1, Smoothing = 0.2, Accumulate = 3,
        Memory = 9,
    };

    /// <summary>What a run is of, and what ends it.</summary>
    static readonly string[] s_noEffect =
        [nameof(TrainOptions.Task), nameof(TrainOptions.Data), nameof(TrainOptions.Own), nameof(TrainOptions.Patience)];

    static IEnumerable<TestCaseData> OptionsOfTasks() =>
        from task in TaskCatalog.Tasks
        from option in typeof(TrainOptions).GetProperties()
        where option.CanWrite && !s_noEffect.Contains(option.Name)
        where task.Name != "exam" || option.Name != nameof(TrainOptions.Variational) // of one step, where all masks are of one step
        select new TestCaseData(task.Name, option.Name).SetArgDisplayNames(task.Name, option.Name);

    /// <summary>Each option of each task changes what is learned: none is read and forgotten.</summary>
    [TestCaseSource(nameof(OptionsOfTasks))]
    public void EveryOptionHasItsEffect(string task, string option)
    {
        TrainOptions plain = Plain(task), changed = plain with { };
        typeof(TrainOptions).GetProperty(option)!.SetValue(changed, typeof(TrainOptions).GetProperty(option)!.GetValue(s_other));
        Assert.That(changed, Is.Not.EqualTo(plain));
        if (!s_learned.TryGetValue(task, out float[]? learned)) s_learned[task] = learned = Learned(plain);
        Assert.That(Learned(changed), Is.Not.EqualTo(learned));
    }

    /// <summary>And nothing else does: what is learned is a function of the options.</summary>
    [TestCaseSource(nameof(Tasks))]
    public void TheSameOptionsLearnTheSame(string task)
    {
        float[] once = Learned(Plain(task)), again = Learned(Plain(task));
        Assert.That(again, Is.EqualTo(once));
    }

    static TrainOptions Plain(string task) =>
        TaskLearningTests.Small(Task(task)) with { Hidden = 8, Batch = 8, Dropout = 0.2, Schedule = "cosine", Horizon = 12, Clip = 0.1 };

    /// <summary>What the plain options of a task learn, once for all comparisons.</summary>
    static readonly Dictionary<string, float[]> s_learned = [];

    static IEnumerable<string> Tasks => TaskCatalog.Tasks.Select(t => t.Name);

    /// <summary>
    /// Plain gradient descent beside a loop of its own: the first step has the schedule's first factor, and biases do not decay.
    /// </summary>
    [Test]
    public void AStepIsTheRateTimesItsFactorTimesTheGradient()
    {
        TrainOptions options = TaskLearningTests.Small(Task("exam")) with
        {
            Hidden = 4,
            Optimizer = "sgd",
            Rate = 0.5,
            Clip = 0,
            Schedule = "warm-up:4+step:2:0.25",
            WeightDecay = 0.125,
            Horizon = 20
        };
        using TaskRun own = Task("exam").Open(TestDevices.Get("cpu"), options);
        own.Initialize();
        own.Begin(0);
        for (int step = 0; step < 4; step++)
        {
            own.Step(step);
            double rate = 0.5 * Schedule.Named(options.Schedule).Factor(step, 20);
            foreach (var p in own.Parameters.All)
            {
                double decay = p.Shape.Count > 1 ? 0.125 : 0;
                float[] gradient = own.Parameters.GetGradient(p.Name);
                own.Parameters.Set(p.Name, [.. own.Parameters.Get(p.Name).Zip(gradient, (w, g) => (float)(w - rate * (g + decay * w)))]);
            }
        }
        Assert.That(Numbers.Error(Learned(options), [.. own.Parameters.GetAll().Select(w => (double)w)]), Is.LessThan(1e-6));
    }

    /// <summary>The curve goes first: what a kill between the two files leaves knows too much, never too little.</summary>
    [Test]
    public void TheCurveIsWrittenBeforeTheCheckpoint()
    {
        RunFolder run = new(folder);
        Directory.CreateDirectory(run.Checkpoint); // where no file can be written
        Assert.That(() => Learned(TaskLearningTests.Small(Task("exam")), folder),
            Throws.TypeOf<BadFileException>().With.Message.Contains("folder"));
        Assert.That(File.Exists(run.Curve));
        Assert.That(File.Exists(run.Model), Is.False);
    }

    float[] Learned(TrainOptions options, string? where = null)
    {
        string own = where ?? Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName())).FullName;
        using TaskRun task = Task(options.Task).Open(TestDevices.Get("cpu"), options);
        using TrainingRun training = new(options, task, new(own));
        training.Begin(false);
        training.Train(new(4, null), _ => { }, CancellationToken.None);
        return task.Parameters.GetAll();
    }
}
