using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>A target that was found.</summary>
/// <param name="Indices">What was written, without beginning and end.</param>
/// <param name="LogProbability">The logarithm of its probability, end included.</param>
/// <param name="Ended">Did it end, or were its steps used up?</param>
public sealed record Hypothesis(int[] Indices, double LogProbability, bool Ended);

/// <summary>
/// Beam search with an encoder-decoder: at each step the likeliest continuations of the kept candidates are kept. Finished candidates are
/// compared by log probability over length^alpha (Wu et al. 2016, section 7, without coverage).
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class BeamSearch<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    sealed record Candidate(int[] Indices, double Score, int Row);

    readonly EncoderDecoder<E> model;
    readonly SourcePass<E> encoder;
    readonly Pass<E> decoder;
    readonly EmbeddingPass<E> embedding;
    readonly AttentionPass<E> attention;
    readonly HiddenLayerPass<E> readout;
    readonly DensePass<E> head;
    readonly Guard guard;
    readonly int most, beam;

    internal BeamSearch(EncoderDecoder<E> model, int sourceSteps, int targetSteps, int sequences, int beam, ModelPassOptions options)
    {
        if (beam < 1 || targetSteps < 1)
            throw new BadArgumentException($"A beam of {beam} over {targetSteps} steps cannot be: both are at least 1.");
        if ((double)sequences * beam * model.Options.TargetSize > int.MaxValue)
            throw new BadArgumentException(
                $"A beam of {beam} for {sequences} sequences over {model.Options.TargetSize} indices is too large. Take fewer.");
        (this.model, most, this.beam) = (model, targetSteps, beam);
        using Guard.Scope scope = model.Parameters.Guard.Enter();
        encoder = new(model, sourceSteps, sequences, options);
        decoder = model.Decoder.Plan(1, sequences * beam, options.ForLayers());
        embedding = model.TargetEmbedding.Plan(decoder);
        attention = model.Attention.Plan(decoder, encoder.Pass);
        attention.DecodersPerEncoder = beam;
        readout = model.Readout.PlanHidden(attention);
        head = model.Head.Plan(readout);
        guard = new(this, model.Parameters.Usage, encoder.Pass.Guard, decoder.Guard);
    }

    /// <summary>How much longer candidates are preferred: 0 for not at all.</summary>
    public double Alpha { get; set => field = Limits.Finite(value, "Alpha"); } = 0.6;

    /// <summary>Finds targets of sources that are indices.</summary>
    /// <param name="source">[S, B].</param>
    /// <param name="lengths">[B] Each from 1 to S.</param>
    /// <param name="begin">What the decoder reads first.</param>
    /// <param name="end">What ends a target.</param>
    /// <param name="progress">Told which share of the steps has been taken.</param>
    /// <param name="cancel">Ends the search between two steps.</param>
    /// <exception cref="BadArgumentException">The batch is empty or does not fit.</exception>
    /// <exception cref="NotFiniteException">An output of the model is infinite or not a number.</exception>
    public Hypothesis[] Run(ReadOnlySpan<int> source, ReadOnlySpan<int> lengths, int begin, int end,
        IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        using Guard.Scope scope = guard.Enter();
        encoder.Forward(source, lengths, 0);
        return Search(lengths.Length, begin, end, progress, cancel);
    }

    /// <summary>Finds targets of sources that are rows of numbers.</summary>
    /// <param name="source">[S, B, I].</param>
    /// <param name="lengths">[B] Each from 1 to S.</param>
    /// <param name="begin">What the decoder reads first.</param>
    /// <param name="end">What ends a target.</param>
    /// <param name="progress">Told which share of the steps has been taken.</param>
    /// <param name="cancel">Ends the search between two steps.</param>
    /// <exception cref="BadArgumentException">The batch is empty or does not fit.</exception>
    /// <exception cref="NotFiniteException">An output of the model is infinite or not a number.</exception>
    public Hypothesis[] Run(ReadOnlySpan<E> source, ReadOnlySpan<int> lengths, int begin, int end,
        IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        using Guard.Scope scope = guard.Enter();
        encoder.Forward(source, lengths, model.Options.SourceSize, 0);
        return Search(lengths.Length, begin, end, progress, cancel);
    }

    Hypothesis[] Search(int sequences, int begin, int end, IProgress<double>? progress, CancellationToken cancel)
    {
        int rows = sequences * beam, v = model.Options.TargetSize;
        decoder.SetShape(1, rows);
        attention.ForwardKeys();
        (E[] h, E[] c) = FirstStates(sequences);
        List<Candidate>[] kept = [.. Enumerable.Range(0, sequences).Select(b => new List<Candidate> { new([], 0, b * beam) })];
        List<Hypothesis>[] done = [.. Enumerable.Range(0, sequences).Select(_ => new List<Hypothesis>())];
        int[] read = new int[rows];
        E[] outputs = new E[rows * v];
        for (int step = 0; step < most && kept.Any(k => k.Count > 0); step++)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report((double)step / most);
            read.AsSpan().Fill(begin);
            foreach (Candidate candidate in kept.SelectMany(k => k))
                if (candidate.Indices.Length > 0) read[candidate.Row] = candidate.Indices[^1];
            decoder.SetInitialStates(h, c);
            embedding.Forward(read);
            decoder.Forward();
            attention.ForwardQueries();
            readout.Forward();
            head.Forward();
            head.ReadOutputs(outputs);
            for (int b = 0; b < sequences; b++) kept[b] = Extend(kept[b], done[b], outputs, b, end);
            MoveStates(kept, h, c);
        }
        for (int b = 0; b < sequences; b++)
            foreach (Candidate left in kept[b]) done[b].Add(new(left.Indices, left.Score, false));
        return [.. done.Select(d => d.MaxBy(f => (f.Ended ? 1e9 : 0) + f.LogProbability / Math.Pow(f.Indices.Length + 1, Alpha))!)];
    }

    /// <summary>The likeliest continuations of a sequence's candidates; those that end are done.</summary>
    List<Candidate> Extend(List<Candidate> candidates, List<Hypothesis> done, E[] outputs, int sequence, int end)
    {
        int v = model.Options.TargetSize;
        List<(double Score, Candidate From, int Index)> next = [];
        foreach (Candidate candidate in candidates)
        {
            ReadOnlySpan<E> row = outputs.AsSpan(candidate.Row * v, v);
            double log = Softmax.LogSum(row);
            if (!double.IsFinite(log))
                throw new NotFiniteException($"An output for sequence {sequence} is infinite or not a number: the model is of no use.");
            for (int i = 0; i < v; i++) next.Add((candidate.Score + Element.ToDouble(row[i]) - log, candidate, i));
        }
        List<Candidate> kept = [];
        int room = beam - done.Count;
        foreach ((double score, Candidate from, int index) in next.OrderByDescending(n => n.Score).Take(Math.Max(0, room)))
        {
            if (index == end) done.Add(new(from.Indices, score, true));
            else kept.Add(new([.. from.Indices, index], score, from.Row));
        }
        return kept;
    }

    /// <summary>Candidates take their rows in turn, and the states of those that they go on from.</summary>
    void MoveStates(List<Candidate>[] kept, E[] h, E[] c)
    {
        E[] hn = new E[h.Length], cn = new E[c.Length];
        decoder.GetFinalStates(hn, cn);
        int size = model.Options.Hidden, rows = decoder.Sequences;
        for (int b = 0; b < kept.Length; b++)
            for (int i = 0; i < kept[b].Count; i++)
            {
                int to = b * beam + i, from = kept[b][i].Row;
                for (int l = 0; l < model.Options.Layers; l++)
                {
                    hn.AsSpan((l * rows + from) * size, size).CopyTo(h.AsSpan((l * rows + to) * size));
                    if (c.Length > 0) cn.AsSpan((l * rows + from) * size, size).CopyTo(c.AsSpan((l * rows + to) * size));
                }
                kept[b][i] = kept[b][i] with { Row = to };
            }
    }

    /// <summary>What <see cref="StateBridge{E}"/> does, for a beam of each sequence.</summary>
    (E[] H, E[] C) FirstStates(int sequences)
    {
        int half = model.Options.Hidden / 2, layers = model.Options.Layers, rows = sequences * beam;
        E[] h = new E[2 * layers * sequences * half], c = new E[encoder.Pass.Network.HasC ? h.Length : 0];
        encoder.Pass.GetFinalStates(h, c);
        return (Widen(h), Widen(c));

        E[] Widen(E[] states)
        {
            if (states.Length == 0) return [];
            E[] wide = new E[layers * rows * 2 * half];
            for (int b = 0; b < sequences; b++)
                for (int i = 0; i < beam; i++)
                    for (int d = 0; d < 2; d++)
                        states.AsSpan((((layers - 1) * 2 + d) * sequences + b) * half, half)
                            .CopyTo(wide.AsSpan(((b * beam + i) * 2 + d) * half));
            return wide;
        }
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(() =>
    {
        head.Dispose();
        readout.Dispose();
        attention.Dispose();
        embedding.Dispose();
        decoder.Dispose();
        encoder.Dispose();
    });
}
