using System.Globalization;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;
using GpuRnn.Reports;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>
/// Truncated backpropagation through time over a text: it is cut into as many streams as the batch has sequences, each step takes the
/// next characters of every stream, and states are carried from step to step; at the end of the streams it starts over.
/// </summary>
public sealed class TextRun : BatchRun<int>
{
    const int SampleLength = 600;

    readonly TextCorpus corpus;
    readonly TextModel model;
    readonly Pass<float> pass;
    readonly DropoutPass<float> dropout;
    readonly DensePass<float> head;
    readonly TextEvaluation evaluation;
    readonly int[] inputs, targets;
    readonly int unroll, streamLength;
    IReadOnlyList<KeptArray<float>> restored = [];
    long next;

    public TextRun(Device device, TrainOptions options, TextCorpus corpus) : base(options)
    {
        (this.corpus, unroll) = (corpus, options.Whole(TextTask.Unroll));
        streamLength = corpus.TrainingCodes.Length / options.Batch;
        if (streamLength <= unroll)
            throw new GpuRnnException(
                $"The text has {corpus.TrainingCodes.Length} characters to train on: "
                + $"too few for {options.Batch} streams of more than {unroll}. "
                + $"Lower --batch or --unroll.");
        model = new(device, options, corpus.Vocabulary.Size);
        pass = model.Network.Plan(unroll, options.Batch, new() { Training = true, Dropout = options.DropoutOptions });
        dropout = new Dropout(options.DropoutOptions).Plan(pass);
        head = model.Head.Plan(dropout, Loss.SoftmaxCrossEntropy);
        head.LabelSmoothing = options.Smoothing;
        evaluation = new(model);
        inputs = new int[unroll * options.Batch];
        targets = new int[inputs.Length];
    }

    public override string DataName => corpus.Name;
    public override string DataHash => corpus.Hash;
    public override string Summary =>
        $"{corpus.Name}: {corpus.TrainingCodes.Length:N0} characters to train on, {corpus.Vocabulary.Size} different";
    public override string LossUnit => "nats a character";
    public override string Items => "characters";
    public override string SpeedMetric => "tokens_per_second";
    public override (string, double)? Floor => corpus.Grammar is { } g ? ("entropy of the text", g.NatsPerCharacter) : null;
    public override Parameters<float> Parameters => model.Parameters;

    public override void Initialize() => model.Initialize(RunOptions.Seed, RunOptions.Memory);

    public override void Begin(long batch) => next = batch;

    /// <summary>A batch is a piece of all streams, by its number.</summary>
    protected override int Next() => (int)(next++ % ((streamLength - 1) / unroll));

    protected override int Rows(int chunk) => inputs.Length;

    protected override double Learn(int chunk, long masks, double scale, bool accumulate)
    {
        for (int b = 0; b < RunOptions.Batch; b++)
        {
            int from = b * streamLength + chunk * unroll;
            for (int t = 0; t < unroll; t++)
            {
                inputs[t * RunOptions.Batch + b] = corpus.TrainingCodes[from + t];
                targets[t * RunOptions.Batch + b] = corpus.TrainingCodes[from + t + 1];
            }
        }
        if (chunk == 0) pass.ClearInitialStates();
        else if (restored.Count == 0) pass.CarryStates(); // where a restored run stands already
        restored = [];
        pass.DropoutStep = masks;
        pass.Forward(inputs, []);
        dropout.Forward(masks);
        head.SetClasses(targets);
        head.Scale = scale;
        head.Forward(gradient: true);
        head.Backward(accumulate);
        dropout.Backward();
        pass.Backward(accumulate);
        return head.ReadLoss();
    }

    public override double Validate() => evaluation.Run(corpus.ValidationCodes, cancel: Cancel);

    int States => RunOptions.Layers * RunOptions.Batch * RunOptions.Hidden;

    public override IEnumerable<KeptArray<float>> Keep()
    {
        if (next == 0 || restored.Count > 0) return restored; // nothing has happened since
        float[] h = new float[States], c = new float[model.Network.HasC ? States : 0];
        pass.GetFinalStates(h, c);
        return [new("h", h), new("c", c)];
    }

    public override void Restore(IReadOnlyList<KeptArray<float>> kept)
    {
        if (kept.FirstOrDefault(k => k.Name == "h") is not { } h || kept.FirstOrDefault(k => k.Name == "c") is not { } c) return;
        pass.SetInitialStates(h.Data, model.Network.HasC ? c.Data : []);
        restored = [h, c];
    }

    public override void SaveBeside(string folder) => corpus.Vocabulary.Save(TextModel.VocabularyIn(folder));

    public override void Judge(RunOutcome outcome)
    {
        string floor = corpus.Grammar is { } g ? string.Create(CultureInfo.InvariantCulture, $"floor {g.NatsPerCharacter:F4}") : "";
        outcome.Measure("test, nats a character", "test_nats_per_character", evaluation.Run(corpus.TestCodes, cancel: Cancel),
            "nats a character", floor);
        outcome.Measure("validation, nats a character", "validation_nats_per_character", Validate(), "nats a character", floor);
        if (corpus.Grammar is { } grammar)
        {
            outcome.Measure("far word right", "far_word_accuracy",
                evaluation.FarWordAccuracy(corpus.Test, corpus.TestCodes, grammar, Cancel), "share of far words",
                string.Create(CultureInfo.InvariantCulture, $"chance {grammar.ChanceAccuracy:F2}"));
            outcome.Metrics["floor_nats_per_character"] = grammar.NatsPerCharacter;
            outcome.Metrics["far_word_chance"] = grammar.ChanceAccuracy;
        }
        outcome.Metrics["unroll"] = unroll;
        outcome.Metrics["vocabulary"] = corpus.Vocabulary.Size;
        string sample = TextSampler.Sample(model, corpus.Vocabulary, "", SampleLength, new(0.8), RunOptions.Seed, Cancel);
        outcome.Sample = sample[..Math.Min(300, sample.Length)];
        ReportSection section = outcome.Section("What it writes").Text("Drawn character by character, at temperature 0.8.").Sample(sample);
        if (corpus.Grammar is not null)
            section.Text(
                "The text is drawn from a grammar whose entropy is known: "
                + "no model can be below it, and one that reaches it has learned all there is.");
    }

    public override void Dispose()
    {
        evaluation.Dispose();
        head.Dispose();
        dropout.Dispose();
        pass.Dispose();
        model.Dispose();
    }
}
