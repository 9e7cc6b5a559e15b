using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Classes;

/// <summary>Items through a classifier, a verdict at the end of each: what exam, sentiment and jets have in common.</summary>
/// <typeparam name="T">An item.</typeparam>
abstract class ClassRun<T> : BatchRun<ClassBatch>
{
    readonly ClassifierPass<float> training, judging;
    readonly BatchOrder order;
    readonly int judged;
    Prefetch<ClassBatch>? batches;

    /// <param name="device">Where it is trained.</param>
    /// <param name="options">What shapes the run.</param>
    /// <param name="model">What goes in and how many classes there are; sizes and cell are the options'.</param>
    /// <param name="lengths">Steps of the items to train on.</param>
    /// <param name="mostSteps">Steps of the longest of all items.</param>
    /// <param name="judged">Items that are judged together.</param>
    protected ClassRun(Device device, TrainOptions options, ClassifierOptions model, IEnumerable<int> lengths, int mostSteps, int judged)
        : base(options)
    {
        int[] all = [.. lengths];
        int size = Math.Min(options.Batch, all.Length);
        this.judged = judged;
        order = new(all, size, options.Seed);
        Model = new(device, model with { Hidden = options.Hidden, Layers = options.Layers, Cell = Cell.Named(options.Cell) });
        training = Model.Plan(mostSteps, size, new() { Training = true, Dropout = options.DropoutOptions });
        training.Head.LabelSmoothing = options.Smoothing;
        judging = Model.Plan(mostSteps, judged);
    }

    protected SequenceClassifier<float> Model { get; }

    public override Parameters<float> Parameters => Model.Parameters;

    /// <summary>An item to train on.</summary>
    protected abstract T Training(int item);

    /// <summary>Items as the network reads them.</summary>
    protected abstract ClassBatch Of(IReadOnlyList<T> items);

    /// <summary>About how many steps an item has: those of about one length are judged together.</summary>
    protected virtual int StepsOf(T item) => 1;

    public override void Initialize() => Model.Initialize(RunOptions.Seed, RunOptions.Memory);

    public override void Begin(long batch)
    {
        batches?.Dispose();
        batches = new(number => Of([.. order.Batch(number).Select(Training)]), batch);
    }

    protected override ClassBatch Next() => batches!.Next();

    protected override int Rows(ClassBatch batch) => batch.Lengths.Length;

    protected static void Forward(ClassifierPass<float> pass, ClassBatch batch, long step = 0)
    {
        if (batch.Words is not null) pass.Forward(batch.Words, batch.Lengths, step);
        else pass.Forward(batch.Numbers.AsSpan(), batch.Lengths, step);
    }

    protected override double Learn(ClassBatch batch, long masks, double scale, bool accumulate)
    {
        Forward(training, batch, masks);
        training.Head.Scale = scale;
        double loss = training.Loss(batch.Labels, gradient: true);
        training.Backward(accumulate);
        return loss;
    }

    /// <summary>The chance of each class for each item.</summary>
    protected double[][] Predict(IReadOnlyList<T> items)
    {
        int classes = Model.Options.Classes;
        double[][] all = new double[items.Count][];
        foreach (int[] chunk in Enumerable.Range(0, items.Count).OrderBy(i => StepsOf(items[i])).Chunk(judged).WithCancellation(Cancel))
        {
            Forward(judging, Of([.. chunk.Select(i => items[i])]));
            double[] chances = judging.ReadProbabilities();
            for (int i = 0; i < chunk.Length; i++) all[chunk[i]] = chances[(i * classes)..((i + 1) * classes)];
        }
        return all;
    }

    /// <summary>The chance of the second of two classes for each item.</summary>
    protected double[] PredictSecond(IReadOnlyList<T> items) => [.. Predict(items).Select(chances => chances[1])];

    public override void Dispose()
    {
        batches?.Dispose();
        judging.Dispose();
        training.Dispose();
        Model.Dispose();
    }
}
