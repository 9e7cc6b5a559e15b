using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Cli.Tasks.Text;

/// <summary>
/// Truncated backpropagation through time over the training text: it is cut into as many streams as the batch has sequences, each step takes
/// the next characters of every stream, and states are carried from step to step; at the end of the streams it starts over.
/// </summary>
sealed class TextTrainer : IDisposable
{
    readonly TextOptions options;
    readonly TextCorpus corpus;
    readonly TextModel model;
    readonly Pass<float> pass;
    readonly DensePass<float> head;
    readonly Adam<float> optimizer;
    readonly int[] inputs, targets;
    readonly int streamLength;
    bool restored;

    public TextTrainer(TextOptions options, TextCorpus corpus, TextModel model)
    {
        (this.options, this.corpus, this.model) = (options, corpus, model);
        streamLength = corpus.TrainingCodes.Length / options.Batch;
        if (streamLength <= options.Unroll)
            throw new GpuRnnException($"The text has {corpus.TrainingCodes.Length} characters to train on: too few for {options.Batch} streams of more than {options.Unroll}. Lower --batch or --unroll.");
        pass = model.Network.Plan(options.Unroll, options.Batch, new() { Training = true });
        head = model.Head.Plan(pass, Loss.SoftmaxCrossEntropy);
        optimizer = new(model.Parameters, options.Rate, clip: new() { Norm = options.Clip });
        inputs = new int[options.Unroll * options.Batch];
        targets = new int[inputs.Length];
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    public int CharactersAStep => inputs.Length;

    /// <summary>One step. Returns its loss in nats a character.</summary>
    public double Step()
    {
        int chunks = (streamLength - 1) / options.Unroll, chunk = Steps % chunks;
        for (int b = 0; b < options.Batch; b++)
        {
            int from = b * streamLength + chunk * options.Unroll;
            for (int t = 0; t < options.Unroll; t++)
            {
                inputs[t * options.Batch + b] = corpus.TrainingCodes[from + t];
                targets[t * options.Batch + b] = corpus.TrainingCodes[from + t + 1];
            }
        }
        if (chunk == 0) pass.ClearInitialStates();
        else if (!restored) pass.CarryStates(); // where a restored run stands already
        restored = false;
        pass.Forward(inputs, []);
        head.SetClasses(targets);
        head.Forward(gradient: true);
        head.Backward();
        pass.Backward();
        optimizer.Rate = options.Rate / (1 + (double)Steps / options.Halving);
        optimizer.Step();
        Steps++;
        return head.ReadLoss();
    }

    static string StateIn(string folder) => Path.Combine(folder, "training.safetensors");

    /// <summary>Writes the model, and beside it all that is needed to go on bit for bit: a run goes on from the latter file alone.</summary>
    public void Save(string folder)
    {
        if (restored) return; // nothing has happened since
        int states = options.Layers * options.Batch * options.Hidden;
        float[] h = new float[states], c = new float[model.Network.HasC ? states : 0];
        if (Steps > 0) pass.GetFinalStates(h, c);
        IReadOnlyList<float[]> moments = optimizer.ReadStates();
        IReadOnlyDictionary<string, string> metadata = options.ToMetadata(corpus.Hash, Steps);
        float[] weights = new float[model.Parameters.Length];
        foreach (Parameter p in model.Parameters.All) model.Parameters.Get(p.Name).CopyTo(weights, p.Offset);
        SafetensorsWriter.Write(StateIn(folder), metadata,
        [
            ("weights", [weights.Length], weights), ("first_moment", [moments[0].Length], moments[0]), ("second_moment", [moments[1].Length], moments[1]),
            ("h", [h.Length], h), ("c", [c.Length], c),
        ]);
        corpus.Vocabulary.Save(TextModel.VocabularyIn(folder));
        ModelFile.Save(TextModel.FileIn(folder), model.Parameters, metadata);
    }

    /// <summary>Options of the run in a folder.</summary>
    public static TextOptions OptionsOf(string folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(StateIn(folder));
        TextOptions options = TextOptions.FromMetadata(file.Metadata, StateIn(folder));
        long weights = file.Tensors.GetValueOrDefault("weights")?.Length ?? 0;
        if (weights < (long)options.Layers * options.Hidden * options.Hidden)
            throw new GpuRnnException($"'{StateIn(folder)}' says {options.Layers} layers of {options.Hidden} units; it has only {weights} weights.");
        return options;
    }

    /// <summary>Goes on from what <see cref="Save"/> wrote.</summary>
    public void Restore(string folder)
    {
        string path = StateIn(folder);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("data_hash") != corpus.Hash)
            throw new GpuRnnException($"'{folder}' was trained on another text than '{corpus.Name}' is now.");
        if (!int.TryParse(file.Metadata.GetValueOrDefault("steps"), out int steps))
            throw new GpuRnnException($"'{path}' does not say how many steps were taken.");
        float[] weights = file.ReadSingle("weights");
        if (weights.Length != model.Parameters.Length)
            throw new GpuRnnException($"'{path}' has {weights.Length} weights; the model has {model.Parameters.Length}.");
        foreach (Parameter p in model.Parameters.All) model.Parameters.Set(p.Name, weights.AsSpan((int)p.Offset, (int)p.Length));
        optimizer.WriteStates(steps, [file.ReadSingle("first_moment"), file.ReadSingle("second_moment")]);
        pass.SetInitialStates(file.ReadSingle("h"), model.Network.HasC ? file.ReadSingle("c") : []);
        (Steps, restored) = (steps, true);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        head.Dispose();
        pass.Dispose();
    }
}
