using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// Runs batches of sequences through a network. All memory is made when it is planned; running a batch of the planned size or below makes
/// none. Arrays are [T, B, ...], or [B, T, ...] if planned so; padding behind a sequence's length is never read, its outputs and
/// gradients are 0. H: hidden units, the size of c; R: <see cref="Recurrent{E}.SizeOfH"/>, H unless the cell projects.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed partial class Pass<E> : Source<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Recurrent<E> network;
    readonly PassOptions options;
    readonly Batch batch;
    readonly LayerPass<E>[][] passes;
    readonly LayerMemory<E> memory;
    readonly int[] lengths;
    readonly RowSharing[] sharings;
    readonly Guard guard;
    Run run;

    internal Pass(Recurrent<E> network, int steps, int sequences, PassOptions options)
    {
        if (steps < 1 || sequences < 1)
            throw new BadArgumentException($"A pass over {steps} steps of {sequences} sequences cannot be planned: both are at least 1.");
        if (options.Recompute < 0)
            throw new BadArgumentException(
                $"Recompute is {options.Recompute}; it is the steps between kept states, or 0 to keep everything.");
        if (options.Strategy is { } strategy) Limits.Known(strategy, "The strategy of a pass");
        options.CheckSharing(network.Device);
        options.Dropout?.Check();
        Storage storage = options.StorageOf<E>(network.Options, network.Device);
        long wide = network.Layers.SelectMany(l => l)
            .Max(l => l.Ways(storage).Max(w => l.Shape.Stages.Max(s => ((long)s.Units + w.Width) * s.Numbers.Slots)));
        if ((double)steps * sequences * Math.Max(
            Math.Max(network.Options.IndexInput ? 1 : network.InputSize, network.OutputSize), wide) > int.MaxValue - (1 << 16))
            throw new BadArgumentException(
                $"{steps} steps of {sequences} sequences are more than 2^31 numbers an array. Plan fewer steps and carry the state.");
        this.network = network;
        this.options = options;
        guard = new(this, Usage, network.Guard);
        lengths = new int[sequences];
        batch = new(Device, steps, sequences, network.Options.Layers * network.DirectionCount, options.BatchFirst,
            100 * (network.Number + 1));
        sharings = new RowSharing[network.Options.Layers * network.DirectionCount];
        passes = [.. network.Layers.Select(directions => new LayerPass<E>[directions.Length])];
        try
        {
            memory = new(network, steps, sequences, options);
            for (int l = 0; l < passes.Length; l++)
                for (int d = 0; d < passes[l].Length; d++)
                    passes[l][d] = new(Device, network.Layers[l][d], steps, sequences, storage, options);
        }
        catch
        {
            Free(); // what was made of it: the caller may try a smaller one
            throw;
        }
        Connect();
        input = OwnInput;
        SetShape(steps, sequences);
    }

    /// <inheritdoc/>
    internal override Device RowDevice => network.Device;
    internal override Usage Usage => network.Parameters.Usage;
    internal override Guard Guard => guard;
    internal override Batch Batch => batch;
    internal override bool Training => options.Training;
    internal override bool Saving => options.Training && !Evaluating;

    internal Recurrent<E> Network => network;
    internal int InputSize => network.InputSize;

    /// <summary>Elements of y at a step.</summary>
    internal override int RowSize => network.OutputSize;

    /// <summary>One line a layer and direction: how it runs and why.</summary>
    public IEnumerable<string> Explain() => passes.SelectMany((ds, l) => ds.Select((pass, d) =>
        $"layer {l}{(d == 1 ? " reverse" : "")}: {pass.Explain(Steps, Sequences)}, "
        + FormattableString.Invariant($"workspace {pass.WorkspaceBytes / 1e6:F1} MB")));

    /// <summary>
    /// On a CPU, the ways in which workers could share the first layer of this batch, by predicted time: the first is taken, and
    /// <see cref="PassOptions.Sharing"/> takes another.
    /// </summary>
    public IReadOnlyList<SharingTime> Candidates => [.. passes[0][0].Candidates(Steps, Sequences)];

    /// <summary>How the first layer's workers share the batch; the layers above decide for themselves, see <see cref="Explain"/>.</summary>
    public Strategy Strategy => passes[0][0].Strategy;

    /// <summary>
    /// The workspaces of all layers, in bytes: what a pass takes beside inputs, outputs, states, weights and their gradients.
    /// </summary>
    public long WorkspaceBytes => passes.SelectMany(p => p).Sum(p => p.WorkspaceBytes);

    /// <summary>A batch of `sequences` sequences of `steps` steps each.</summary>
    /// <param name="steps">T, at most <see cref="Source{E}.MaxSteps"/>.</param>
    /// <param name="sequences">B, at most <see cref="Source{E}.MaxSequences"/>.</param>
    public void SetShape(int steps, int sequences)
    {
        using Guard.Scope scope = guard.Enter();
        CheckShape(steps, sequences);
        lengths.AsSpan(0, sequences).Fill(steps);
        Set(steps, lengths.AsSpan(0, sequences), default);
    }

    /// <summary>A batch of sequences with lengths of their own; a step that a sequence does not have costs nothing.</summary>
    /// <param name="steps">T of the arrays.</param>
    /// <param name="lengths">[B] Each from 0 to T.</param>
    /// <exception cref="BadArgumentException">More steps or sequences than planned, or a length that is not within 0 and T.</exception>
    public void SetLengths(int steps, ReadOnlySpan<int> lengths)
    {
        using Guard.Scope scope = guard.Enter();
        CheckShape(steps, lengths.Length);
        CheckLengths(steps, lengths);
        Set(steps, lengths, default);
    }

    /// <summary>What SetLengths would refuse, before a model changes anything.</summary>
    internal void CheckBatch(int steps, ReadOnlySpan<int> lengths)
    {
        CheckShape(steps, lengths.Length);
        CheckLengths(steps, lengths);
    }

    static void CheckLengths(int steps, ReadOnlySpan<int> lengths)
    {
        for (int b = 0; b < lengths.Length; b++)
            if (lengths[b] < 0 || lengths[b] > steps)
                throw new BadArgumentException(
                    $"Sequence {b} has length {lengths[b]}; it must be from 0 to {steps}, the steps of the batch.");
    }

    void CheckShape(int steps, int sequences)
    {
        if (steps < 1 || steps > MaxSteps || sequences < 1 || sequences > MaxSequences)
            throw new BadArgumentException(
                $"A batch of {steps} steps and {sequences} sequences does not fit this pass: "
                + $"it was planned for up to {MaxSteps} and {MaxSequences}.");
    }

    void Set(int steps, ReadOnlySpan<int> lengths, ReadOnlySpan<int> slots)
    {
        run.Clear();
        if (!origin.Fits(lengths.Length)) (origin, originVersion) = (default, originVersion + 1);
        for (int l = 0; l < passes.Length; l++)
            for (int d = 0; d < passes[l].Length; d++) sharings[l * network.DirectionCount + d] = passes[l][d].Choose(
                steps, lengths.Length);
        batch.Set(steps, lengths, slots, sharings, options.Segment(MaxSteps));
        for (int l = 0; l < passes.Length; l++)
            for (int d = 0; d < passes[l].Length; d++) passes[l][d].Set(batch, l * network.DirectionCount + d);
    }

    /// <summary>Layer by layer: what each reads and writes. What the first reads, each run decides.</summary>
    void Connect()
    {
        for (int l = 0; l < passes.Length; l++)
            for (int d = 0; d < passes[l].Length; d++)
            {
                LayerPass<E> pass = passes[l][d];
                if (l > 0) pass.Input((memory.Dropped.Length > 0 ? memory.Dropped : memory.Outputs)[l - 1], default, network.OutputSize);
                pass.Output(memory.OutputOf(l, d), memory.OutputStride);
            }
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    internal override void Close() => guard.Close(Free);

    void Free()
    {
        foreach (LayerPass<E>? pass in passes.SelectMany(p => p)) pass?.Dispose();
        batch.Dispose();
        storeSlots?.Dispose();
        memory?.Dispose();
    }
}
