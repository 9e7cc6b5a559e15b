using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Text;
using GpuRnn.Peers.Libraries;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GpuRnn.Peers.Text;

/// <summary>
/// The training loop of `gpurnn train text` in TorchSharp: the same model, first weights, batches, clipping, Adam and schedule.
/// </summary>
sealed class LibtorchText : IDisposable
{
    readonly TrainOptions options;
    readonly TextStreams streams;
    readonly LSTM lstm;
    readonly Linear decoder;
    readonly Parameter[] parameters;
    readonly Adam optimizer;
    // An embedding whose table is the unit matrix: one-hot vectors by copying rows, which is less work than one_hot() and a conversion.
    readonly Tensor identity;
    Tensor? h, c;
    readonly GpuRnn.Training.Schedule schedule;
    int steps;

    public LibtorchText(TrainOptions options, TextCorpus corpus, IReadOnlyDictionary<string, float[]> weights)
    {
        this.options = options;
        schedule = GpuRnn.Training.Schedule.Named(options.Schedule);
        streams = new(options, corpus.TrainingCodes);
        int size = corpus.Vocabulary.Size;
        lstm = LSTM(size, options.Hidden, options.Layers);
        decoder = Linear(options.Hidden, size);
        Libtorch.Load(lstm, weights);
        Libtorch.Load(decoder, weights, name => $"decoder.{name}");
        parameters = [.. lstm.parameters().Concat(decoder.parameters())];
        optimizer = optim.Adam(parameters, options.Rate);
        identity = eye(size);
    }

    /// <summary>One step. Returns its loss in nats a character.</summary>
    public double Step()
    {
        bool fresh = streams.Read(steps);
        using DisposeScope scope = NewDisposeScope();
        Tensor x = identity.index_select(0, tensor(streams.Inputs)).view(options.Whole(TextTask.Unroll), options.Batch, -1);
        optimizer.zero_grad();
        (Tensor y, Tensor hn, Tensor cn) = lstm.call(x, fresh ? null : (h!, c!));
        Tensor loss = functional.cross_entropy(decoder.call(y.view(-1, options.Hidden)), tensor(streams.Targets));
        loss.backward();
        nn.utils.clip_grad_norm_(parameters, options.Clip);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = options.Rate * schedule.Factor(steps, options.Horizon);
        optimizer.step();
        h?.Dispose();
        c?.Dispose();
        (h, c) = (hn.detach().DetachFromDisposeScope(), cn.detach().DetachFromDisposeScope());
        steps++;
        return loss.item<float>();
    }

    public void Dispose()
    {
        foreach (IDisposable? part in new IDisposable?[] { h, c, identity, optimizer, decoder, lstm }) part?.Dispose();
    }
}
