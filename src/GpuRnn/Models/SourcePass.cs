using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>An encoder over sources of any kind: indices as they are, and rows of numbers through the model's dense layers first.</summary>
sealed class SourcePass<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly InputRows<E>? rows;
    readonly List<(HiddenLayerPass<E> Layer, DropoutPass<E> Dropout)> layers = [];

    public SourcePass(EncoderDecoder<E> model, int steps, int sequences, ModelPassOptions options)
    {
        Pass = model.Encoder.Plan(steps, sequences, options.ForLayers() with { InputGradient = false });
        if (model.SourceLayers.Count == 0) return;
        Source<E> source = rows = new(Pass, model.Options.SourceSize);
        foreach (Dense<E> layer in model.SourceLayers)
        {
            HiddenLayerPass<E> hidden = layer.PlanHidden(source);
            layers.Add((hidden, new Dropout(options.Dropout ?? new()).Plan(hidden, EncoderDecoder<E>.SourcePlace + layers.Count)));
            source = layers[^1].Dropout;
        }
        Pass.UseInput(source);
    }

    public Pass<E> Pass { get; }

    /// <summary>What would be refused, before anything is changed.</summary>
    public void Check(ReadOnlySpan<int> indices, ReadOnlySpan<int> lengths)
    {
        Pass.CheckKind(indices: true);
        Pass.CheckBatch(GivenBatch.Steps(indices.Length, 1, lengths.Length), lengths);
        GivenBatch.CheckIndices(indices, lengths, Pass.InputSize);
    }

    /// <summary>The same for rows of numbers.</summary>
    public void Check(ReadOnlySpan<E> x, ReadOnlySpan<int> lengths, int size)
    {
        Pass.CheckKind(indices: false);
        Pass.CheckBatch(GivenBatch.Steps(x.Length, size, lengths.Length), lengths);
    }

    public void Forward(ReadOnlySpan<int> indices, ReadOnlySpan<int> lengths, long step)
    {
        Check(indices, lengths);
        Pass.SetLengths(GivenBatch.Steps(indices.Length, 1, lengths.Length), lengths);
        Pass.DropoutStep = step;
        Pass.Forward(indices, []);
    }

    public void Forward(ReadOnlySpan<E> x, ReadOnlySpan<int> lengths, int size, long step)
    {
        Check(x, lengths, size);
        Pass.SetLengths(GivenBatch.Steps(x.Length, size, lengths.Length), lengths);
        Pass.DropoutStep = step;
        if (rows is null)
        {
            Pass.Forward(x, []);
            return;
        }
        rows.Set(x);
        foreach ((HiddenLayerPass<E> layer, DropoutPass<E> dropout) in layers)
        {
            layer.Forward();
            dropout.Forward(step);
        }
        Pass.Forward();
    }

    public void Backward(bool accumulate)
    {
        Pass.BackwardWithStates(accumulate);
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            layers[i].Dropout.Backward();
            layers[i].Layer.Backward(accumulate);
        }
    }

    public void Dispose()
    {
        foreach ((HiddenLayerPass<E> layer, DropoutPass<E> dropout) in layers)
        {
            dropout.Dispose();
            layer.Dispose();
        }
        rows?.Dispose();
        Pass.Dispose();
    }
}
