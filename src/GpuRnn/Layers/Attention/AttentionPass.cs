using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// Attention between two sources. Its rows are the decoder's: h and the context side by side, [T, B, H + V].
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class AttentionPass<E> : Source<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Attention<E> layer;
    readonly Source<E> decoder, encoder;
    readonly HiddenLayerPass<E>? query, key;
    readonly List<IDisposable> memory = [];
    readonly DeviceArray<int> rowOf, sequenceOf, starts, lengths;
    readonly DeviceArray<E> output, weights;
    readonly DeviceArray<E>? outputGradient, scoreGradient;
    readonly int[] listed, rows, sequences, begin, encoderLengths;
    readonly Items<AttentionArguments<E>> scores, softmax, context, weightGradient, scoreBackward, queryGradient, keyGradient;
    readonly Items<AttentionArguments<E>>? vectorGradient;
    AttentionArguments<E> a;
    long decoderBatch = -1, encoderBatch = -1;
    readonly Guard guard;
    int decodersPerEncoder = 1;
    Run run;

    internal AttentionPass(Attention<E> layer, Source<E> decoder, Source<E> encoder)
    {
        (this.layer, this.decoder, this.encoder) = (layer, decoder, encoder);
        guard = new(this, decoder.Usage, layer.Guard, decoder.Guard, encoder.Guard);
        if (decoder.OutputSize != layer.HiddenSize || encoder.OutputSize != layer.ValueSize)
            throw new BadArgumentException(
                $"The attention reads {layer.HiddenSize} and {layer.ValueSize} numbers a step; "
                + $"decoder and encoder give {decoder.OutputSize} and {encoder.OutputSize}.");
        if (decoder.Batch.BatchFirst || encoder.Batch.BatchFirst)
            throw new BadArgumentException("Attention reads arrays [T, B, ...]: plan both passes without BatchFirst.");
        int most = decoder.MaxSteps * decoder.MaxSequences;
        if ((long)most * Math.Max(encoder.MaxSteps, OutputSize) > int.MaxValue)
            throw new BadArgumentException($"Attention of {most} steps to {encoder.MaxSteps} is more than 2^31 numbers. Plan fewer.");
        (listed, rows, sequences) = (new int[most], new int[most], new int[most]);
        (begin, encoderLengths) = (new int[encoder.MaxSequences + 1], new int[encoder.MaxSequences]);
        (rowOf, sequenceOf, starts, lengths) = (
            New<int>(most), New<int>(most), New<int>(encoder.MaxSequences + 1), New<int>(encoder.MaxSequences));
        output = New<E>((long)most * OutputSize, Contents.Zeros); // a dropout masks rows of padding too
        weights = New<E>((long)most * encoder.MaxSteps);
        if (decoder.Training)
            (outputGradient, scoreGradient) = (New<E>((long)most * OutputSize), New<E>((long)most * encoder.MaxSteps));
        if (layer.Scoring.Projects) (query, key) = (layer.Query!.PlanHidden(decoder), layer.Key!.PlanHidden(encoder));
        Type score = layer.Scoring.Score;
        scores = Lanes(typeof(AttentionScores<,,,>), score);
        softmax = Items<AttentionArguments<E>>.OverNumbers<E>(Device, typeof(AttentionSoftmax<,,>));
        context = Lanes(typeof(AttentionContext<,,>));
        weightGradient = Lanes(typeof(AttentionWeightGradient<,,>));
        scoreBackward = Items<AttentionArguments<E>>.OverNumbers<E>(Device, typeof(AttentionScoreGradient<,,>));
        queryGradient = Lanes(typeof(AttentionQueryGradient<,,,>), score);
        keyGradient = Lanes(typeof(AttentionKeyGradient<,,,>), score);
        if (layer.Vector is not null) vectorGradient = Lanes(typeof(AttentionVectorGradient<,,>));
    }

    Items<AttentionArguments<E>> Lanes(Type work, params Type[] choices) =>
        Items<AttentionArguments<E>>.OverLanes<E>(Device, work, choices);

    DeviceArray<T> New<T>(long length, Contents contents = Contents.Nothing) where T : unmanaged
    {
        DeviceArray<T> array = new(Device, length, contents);
        memory.Add(array);
        return array;
    }

    /// <inheritdoc/>
    internal override Device RowDevice => decoder.Device;
    internal override Usage Usage => decoder.Usage;
    internal override Guard Guard => guard;
    internal override Batch Batch => decoder.Batch;
    internal override bool Training => decoder.Training;
    internal override bool Saving => decoder.Saving && encoder.Saving;
    /// <inheritdoc/>
    internal override int RowSize => layer.HiddenSize + layer.ValueSize;
    /// <inheritdoc/>
    internal override ArrayView<E> RowView => Alive(output.View);
    /// <inheritdoc/>
    internal override ArrayView<E> RowGradients => Alive(outputGradient?.View ?? default);

    Stamp Now => new(decoder.Batch.Version, layer.Parameters.Version, decoder.Written, encoder.Written);

    internal override void CheckRows()
    {
        decoder.CheckRows();
        encoder.CheckRows();
        run.CheckRan(Now);
    }

    /// <summary>
    /// In inference, neighbouring sequences of the decoder that look at the same one of the encoder: the width of a beam.
    /// </summary>
    public int DecodersPerEncoder
    {
        get => decodersPerEncoder;
        set
        {
            using Guard.Scope scope = guard.Enter();
            if (value < 1) throw new BadArgumentException($"{value} decoders an encoder cannot be: at least 1.");
            run.Clear();
            (decodersPerEncoder, decoderBatch) = (value, -1);
        }
    }

    /// <summary>Lists the decoder's rows by the encoder's sequence.</summary>
    void Refresh()
    {
        if (decoderBatch == decoder.Batch.Version && encoderBatch == encoder.Batch.Version) return;
        if (decoder.Sequences != encoder.Sequences * decodersPerEncoder)
            throw new BadArgumentException(
                $"The decoder has {decoder.Sequences} sequences; "
                + $"{encoder.Sequences} of the encoder need {encoder.Sequences * decodersPerEncoder}.");
        (decoderBatch, encoderBatch) = (decoder.Batch.Version, encoder.Batch.Version);
        (a.Rows, a.S, a.B) = (decoder.Batch.ListRows(listed, false), encoder.Batch.Longest, encoder.Sequences);
        encoder.Batch.GetLengths(encoderLengths);
        Array.Clear(begin);
        for (int i = 0; i < a.Rows; i++) begin[Sequence(listed[i])]++;
        for (int b = 0, sum = 0; b <= a.B; b++) (begin[b], sum) = (sum, sum + begin[b]);
        for (int i = 0; i < a.Rows; i++)
        {
            int b = Sequence(listed[i]);
            (rows[begin[b]], sequences[begin[b]++]) = (listed[i], b);
        }
        for (int b = a.B; b > 0; b--) begin[b] = begin[b - 1];
        begin[0] = 0;
        Device.Upload<int>(rows.AsSpan(0, a.Rows), rowOf.View);
        Device.Upload<int>(sequences.AsSpan(0, a.Rows), sequenceOf.View);
        Device.Upload<int>(begin.AsSpan(0, a.B + 1), starts.View);
        Device.Upload<int>(encoderLengths.AsSpan(0, a.B), lengths.View);
    }

    int Sequence(int row) => row % decoder.Sequences / decodersPerEncoder;

    void Fill()
    {
        Source<E> q = query ?? decoder, k = key ?? encoder;
        (a.H, a.V, a.K) = (layer.HiddenSize, layer.ValueSize, q.OutputSize);
        (a.HStride, a.VStride, a.QueryStride, a.KeyStride, a.OutputStride) =
            (decoder.OutputStride, encoder.OutputStride, q.OutputStride, k.OutputStride, OutputSize);
        a.Scale = Element.Of<E>(layer.Scoring.Scale(layer.HiddenSize));
        (a.RowOf, a.SequenceOf, a.Starts, a.Lengths) = (rowOf.Buffer, sequenceOf.Buffer, starts.Buffer, lengths.Buffer);
        (a.Hidden, a.Values, a.Query, a.Key) = (
            Device.Buffer(decoder.Output), Device.Buffer(encoder.Output), Device.Buffer(q.Output), Device.Buffer(k.Output));
        if (layer.Vector is not null) a.Vector = Device.Buffer(layer.Parameters.ValueOf(layer.Vector));
        (a.Weights, a.Output) = (weights.Buffer, output.Buffer);
    }

    /// <summary>From the rows of both to <see cref="Source{E}.Output"/>.</summary>
    /// <exception cref="InvalidOperationException">Decoder or encoder have no rows of their batches.</exception>
    public void Forward()
    {
        using Guard.Scope scope = guard.Enter();
        ForwardKeys();
        ForwardQueries();
    }

    /// <summary>The encoder's part, once for many steps of a decoder that writes one at a time.</summary>
    public void ForwardKeys()
    {
        using Guard.Scope scope = guard.Enter();
        key?.Forward();
    }

    /// <summary>The decoder's part.</summary>
    /// <exception cref="InvalidOperationException">Decoder or encoder have no rows of their batches, or <see cref="ForwardKeys"/> was
    /// not called on those of the encoder.</exception>
    public void ForwardQueries()
    {
        using Guard.Scope scope = guard.Enter();
        decoder.CheckRows();
        (key ?? encoder).CheckRows();
        key?.CheckWeights();
        Refresh();
        run.Clear();
        query?.Forward();
        Fill();
        scores.Run(a);
        softmax.Run(a);
        context.Run(a);
        RowsWritten();
        run.Ran(Now, Saving);
    }

    /// <summary>
    /// From <see cref="Source{E}.OutputGradient"/> to the gradients of decoder, encoder
    /// and parameters; the sources' gradients are written, not added to.
    /// </summary>
    /// <param name="accumulate">Are the parameters' gradients added to what is there?</param>
    public void Backward(bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckSaved(Now);
        if (decodersPerEncoder != 1) throw new InvalidOperationException("A beam has no backward pass.");
        run.Use();
        a.Add = accumulate ? 1 : 0;
        (a.DScores, a.DOutput) = (scoreGradient!.Buffer, outputGradient!.Buffer);
        (a.DHidden, a.DValues) = (Device.Buffer(decoder.OutputGradient), Device.Buffer(encoder.OutputGradient));
        if (query is not null) (a.DQuery, a.DKey) = (Device.Buffer(query.OutputGradient), Device.Buffer(key!.OutputGradient));
        if (layer.Vector is not null) a.DVector = Device.Buffer(layer.Parameters.GradientOf(layer.Vector));
        weightGradient.Run(a);
        scoreBackward.Run(a);
        queryGradient.Run(a);
        keyGradient.Run(a);
        vectorGradient?.Run(a);
        query?.Backward(accumulate, addToSource: true);
        key?.Backward(accumulate, addToSource: true);
        run.Finish();
    }

    /// <summary>The weights of the last forward pass, for whoever wants to see where a decoder looks.</summary>
    /// <param name="all">[T, B, S] S steps of the longest sequence of the encoder; padding is left alone.</param>
    public void ReadWeights(Span<E> all)
    {
        using Guard.Scope scope = guard.Enter();
        run.CheckRan(Now);
        if (all.Length != decoder.Steps * decoder.Sequences * a.S)
            throw new BadArgumentException(
                $"There is room for {all.Length} weights; the batch has {decoder.Steps * decoder.Sequences * a.S}.");
        E[] read = new E[a.Rows * a.S];
        Device.Download<E>(weights.View, read);
        for (int i = 0; i < a.Rows; i++) read.AsSpan(i * a.S, a.S).CopyTo(all[(rows[i] * a.S)..]);
    }

    /// <inheritdoc/>
    internal override void Close() => guard.Close(() =>
    {
        query?.Dispose();
        key?.Dispose();
        memory.ForEach(m => m.Dispose());
    });
}
