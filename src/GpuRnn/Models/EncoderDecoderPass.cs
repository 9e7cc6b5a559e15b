using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>An encoder-decoder over pairs whose targets are known (teacher forcing): forward, loss, backward.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class EncoderDecoderPass<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly int sourceSize, targetSize;
    readonly SourcePass<E> encoder;
    readonly Pass<E> decoder;
    readonly EmbeddingPass<E> embedding;
    readonly StateBridge<E> bridge;
    readonly AttentionPass<E> attention;
    readonly HiddenLayerPass<E> readout;
    readonly DropoutPass<E> dropout;
    readonly DensePass<E> head;
    readonly Guard guard;

    internal EncoderDecoderPass(EncoderDecoder<E> model, int sourceSteps, int targetSteps, int sequences, ModelPassOptions options)
    {
        using Guard.Scope scope = model.Parameters.Guard.Enter();
        (sourceSize, targetSize) = (model.Options.SourceSize, model.Options.TargetSize);
        encoder = new(model, sourceSteps, sequences, options);
        decoder = model.Decoder.Plan(targetSteps, sequences, options.ForLayers());
        embedding = model.TargetEmbedding.Plan(decoder);
        bridge = new(encoder.Pass, decoder);
        attention = model.Attention.Plan(decoder, encoder.Pass);
        readout = model.Readout.PlanHidden(attention);
        dropout = new Dropout(options.Dropout ?? new()).Plan(readout, EncoderDecoder<E>.OutputPlace);
        head = model.Head.Plan(dropout, Layers.Loss.SoftmaxCrossEntropy);
        guard = new(this, model.Parameters.Usage, encoder.Pass.Guard, decoder.Guard);
    }

    /// <summary>The output's pass: scale and label smoothing of the loss.</summary>
    public DensePass<E> Head => head;
    /// <summary>Is a training plan run as for inference: nothing is dropped, and no backward pass follows? May be set between
    /// batches.</summary>
    public bool Evaluating
    {
        get => decoder.Evaluating;
        set => encoder.Pass.Evaluating = decoder.Evaluating = value;
    }
    /// <summary>Where the decoder looks.</summary>
    public AttentionPass<E> Attention => attention;

    /// <summary>Runs pairs whose sources are indices.</summary>
    /// <param name="source">[S, B].</param>
    /// <param name="sourceLengths">[B] Each from 1 to S.</param>
    /// <param name="target">[T, B] What the decoder reads: a beginning, then the target but for its last.</param>
    /// <param name="targetLengths">[B] Each from 1 to T.</param>
    /// <param name="step">The training step, for dropout; null for the one after the last.</param>
    public void Forward(ReadOnlySpan<int> source, ReadOnlySpan<int> sourceLengths, ReadOnlySpan<int> target,
        ReadOnlySpan<int> targetLengths, long? step = null)
    {
        using Guard.Scope scope = guard.Enter();
        Check(sourceLengths, target, targetLengths);
        long masks = step ?? encoder.Pass.DropoutStep;
        encoder.Forward(source, sourceLengths, masks);
        Decode(target, targetLengths, masks);
    }

    /// <summary>Runs pairs whose sources are rows of numbers.</summary>
    /// <param name="source">[S, B, I].</param>
    /// <param name="sourceLengths">[B] Each from 1 to S.</param>
    /// <param name="target">[T, B] What the decoder reads: a beginning, then the target but for its last.</param>
    /// <param name="targetLengths">[B] Each from 1 to T.</param>
    /// <param name="step">The training step, for dropout; null for the one after the last.</param>
    public void Forward(ReadOnlySpan<E> source, ReadOnlySpan<int> sourceLengths, ReadOnlySpan<int> target, ReadOnlySpan<int> targetLengths,
        long? step = null)
    {
        using Guard.Scope scope = guard.Enter();
        Check(sourceLengths, target, targetLengths);
        long masks = step ?? encoder.Pass.DropoutStep;
        encoder.Forward(source, sourceLengths, sourceSize, masks);
        Decode(target, targetLengths, masks);
    }

    /// <summary>Before anything is run: are there pairs at all?</summary>
    void Check(ReadOnlySpan<int> sourceLengths, ReadOnlySpan<int> target, ReadOnlySpan<int> targetLengths)
    {
        int steps = GivenBatch.Steps(target.Length, 1, targetLengths.Length);
        if (sourceLengths.Length != targetLengths.Length)
            throw new BadArgumentException($"There are {sourceLengths.Length} sources and {targetLengths.Length} targets.");
        decoder.CheckBatch(steps, targetLengths);
        GivenBatch.CheckIndices(target, targetLengths, targetSize);
    }

    void Decode(ReadOnlySpan<int> target, ReadOnlySpan<int> lengths, long step)
    {
        decoder.SetLengths(GivenBatch.Steps(target.Length, 1, lengths.Length), lengths);
        decoder.DropoutStep = step;
        embedding.Forward(target);
        bridge.Forward();
        decoder.Forward();
        attention.Forward();
        readout.Forward();
        dropout.Forward(step);
    }

    /// <summary>The loss after a forward pass.</summary>
    /// <param name="classes">[T, B] What the decoder should have written: the target, then an end.</param>
    /// <param name="gradient">Does <see cref="Backward"/> follow?</param>
    public double Loss(ReadOnlySpan<int> classes, bool gradient = false)
    {
        using Guard.Scope scope = guard.Enter();
        head.SetClasses(classes);
        head.Forward(gradient);
        return head.ReadLoss();
    }

    /// <summary>The gradients of all parameters, after <see cref="Loss"/> with a gradient.</summary>
    /// <param name="accumulate">Are they added to what is there?</param>
    public void Backward(bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        head.Backward(accumulate);
        dropout.Backward();
        readout.Backward(accumulate);
        attention.Backward(accumulate);
        decoder.Backward(accumulate);
        embedding.Backward(accumulate: true); // the output has written the table's gradient already
        bridge.Backward();
        encoder.Backward(accumulate);
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(() =>
    {
        head.Dispose();
        dropout.Dispose();
        readout.Dispose();
        attention.Dispose();
        embedding.Dispose();
        decoder.Dispose();
        encoder.Dispose();
    });
}
