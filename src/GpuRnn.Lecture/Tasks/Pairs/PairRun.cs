using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Pairs;

/// <summary>Pairs through an encoder and a decoder: what translation and captions have in common.</summary>
abstract class PairRun : BatchRun<PairBatch>
{
    public const string Embedding = "embedding", AttentionOption = "attention", Beam = "beam";
    const int JudgeBatch = 64;

    readonly PairData data;
    readonly EncoderDecoderPass<float> training, judging;
    readonly BatchOrder order;
    Prefetch<PairBatch>? batches;

    /// <summary>Options that all such tasks have.</summary>
    public static IReadOnlyList<OwnOption> Options { get; } =
    [
        OwnOption.Whole(Embedding, "Numbers that a word of the target is embedded in", 1, 1 << 16),
        OwnOption.Word(AttentionOption, "How the decoder looks at the encoder: additive or dot", "additive", "dot"),
        OwnOption.Whole(Beam, "Candidates that a search keeps", 1, 1000),
    ];

    protected PairRun(Device device, TrainOptions options, PairData data) : base(options)
    {
        this.data = data;
        int size = Math.Min(options.Batch, data.Lengths.Length);
        order = new(data.Lengths, size, options.Seed);
        Model = new(device, new()
        {
            SourceSize = data.SourceSize, SourceIsIndex = data.SourceIsIndex, SourceLayers = data.SourceLayers,
            TargetSize = data.Target.Size, EmbeddingSize = options.Whole(Embedding),
            Hidden = options.Hidden, Layers = options.Layers,
            Cell = Cell.Named(options.Cell), Attention = options.Own[AttentionOption] == "dot" ? AttentionKind.Dot : AttentionKind.Additive,
        });
        training = Model.Plan(data.MostSource, data.MostTarget + 1, size, new() { Training = true, Dropout = options.DropoutOptions });
        training.Head.LabelSmoothing = options.Smoothing;
        judging = Model.Plan(data.MostSource, data.MostTarget + 1, JudgeBatch);
    }

    protected EncoderDecoder<float> Model { get; }

    public override string DataName => data.Name;
    public override string DataHash => data.Hash;
    public override string Summary => data.Summary;
    public override string LossUnit => "nats a word";
    public override string Items => data.Items;
    public override Parameters<float> Parameters => Model.Parameters;

    public override void Initialize() => Model.Initialize(RunOptions.Seed, RunOptions.Memory);

    public override void Begin(long batch)
    {
        batches?.Dispose();
        batches = new(number => PairBatch.Of([.. order.Batch(number).Select(data.Training)], data.SourceSize), batch);
    }

    static void Forward(EncoderDecoderPass<float> pass, PairBatch b, long step)
    {
        if (b.Words is not null) pass.Forward(b.Words, b.SourceLengths, b.Read, b.TargetLengths, step);
        else pass.Forward(b.Numbers.AsSpan(), b.SourceLengths, b.Read, b.TargetLengths, step);
    }

    protected override PairBatch Next() => batches!.Next();

    protected override int Rows(PairBatch batch) => batch.TargetLengths.Sum();

    protected override double Learn(PairBatch batch, long masks, double scale, bool accumulate)
    {
        Forward(training, batch, masks);
        training.Head.Scale = scale;
        double loss = training.Loss(batch.Write, gradient: true);
        training.Backward(accumulate);
        return loss;
    }

    public override double Validate()
    {
        double nats = 0;
        long words = 0;
        judging.Head.Scale = 1;
        foreach (Example[] chunk
            in data.Validation.OrderBy(e => e.Steps).ThenBy(e => e.Target.Length).Chunk(JudgeBatch).WithCancellation(Cancel))
        {
            PairBatch batch = PairBatch.Of(chunk, data.SourceSize);
            Forward(judging, batch, 0);
            nats += judging.Loss(batch.Write);
            words += batch.TargetLengths.Sum();
        }
        return nats / words;
    }

    /// <summary>The best target that a search finds for each example.</summary>
    protected Hypothesis[] Search(IReadOnlyList<Example> examples, int beam)
    {
        using BeamSearch<float> search = Model.PlanSearch(data.MostSource, data.MostTarget + 1, JudgeBatch, beam);
        Hypothesis[] all = new Hypothesis[examples.Count];
        foreach (int[] chunk
            in Enumerable.Range(0, examples.Count).OrderBy(i => examples[i].Steps).Chunk(JudgeBatch).WithCancellation(Cancel))
        {
            PairBatch batch = PairBatch.Of([.. chunk.Select(i => examples[i])], data.SourceSize);
            Hypothesis[] found = batch.Words is not null
                ? search.Run(batch.Words, batch.SourceLengths, WordVocabulary.Begin, WordVocabulary.End)
                : search.Run(batch.Numbers.AsSpan(), batch.SourceLengths, WordVocabulary.Begin, WordVocabulary.End);
            for (int i = 0; i < chunk.Length; i++) all[chunk[i]] = found[i];
        }
        return all;
    }

    /// <summary>Where the decoder looks as it writes a target, [T, S].</summary>
    protected double[,] Looks(Example example)
    {
        PairBatch batch = PairBatch.Of([example], data.SourceSize);
        Forward(judging, batch, 0);
        float[] weights = new float[batch.TargetLengths[0] * example.Steps];
        judging.Attention.ReadWeights(weights);
        double[,] looks = new double[batch.TargetLengths[0], example.Steps];
        for (int t = 0; t < batch.TargetLengths[0]; t++)
            for (int s = 0; s < example.Steps; s++) looks[t, s] = weights[t * example.Steps + s];
        return looks;
    }

    public override void SaveBeside(string folder) => data.Save(folder);

    public override void Dispose()
    {
        batches?.Dispose();
        judging.Dispose();
        training.Dispose();
        Model.Dispose();
        data.Dispose();
    }
}
