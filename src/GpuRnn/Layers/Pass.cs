using GpuRnn.Devices;
using GpuRnn.Memory;
using GpuRnn.Kernels.Tiles.Portable;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// Runs batches of sequences through a network. All memory is made when it is planned; running a batch of the planned size or below makes
/// none. Arrays are [T, B, ...], or [B, T, ...] if planned so; padding behind a sequence's length is never read, its outputs and
/// gradients are 0.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed partial class Pass<E> : Source<E> where E : unmanaged
{
    readonly Recurrent<E> network;
    readonly PassOptions options;
    readonly Batch batch;
    readonly LayerPass<E>[][] passes;
    readonly LayerMemory<E> memory;
    readonly int[] lengths;
    Source<E>? inputSource;
    bool disposed, ran, saved;
    int ranSequences;

    internal Pass(Recurrent<E> network, int steps, int sequences, PassOptions options)
    {
        if (steps < 1 || sequences < 1)
            throw new GpuRnnException($"A pass over {steps} steps of {sequences} sequences cannot be planned: both are at least 1.");
        if (options.Recompute < 0)
            throw new GpuRnnException($"Recompute is {options.Recompute}; it is the steps between kept states, or 0 to keep everything.");
        options.Dropout?.Check();
        long wide = network.Layers.SelectMany(l => l).Max(l => (long)l.Panels * l.Kernels.Width * Math.Max(l.Kernels.First.Slots, l.Kernels.Second.Slots));
        if ((long)steps * sequences * Math.Max(Math.Max(network.InputSize, network.OutputSize), wide) > int.MaxValue - (1 << 16))
            throw new GpuRnnException($"{steps} steps of {sequences} sequences are more than 2^31 numbers an array. Plan fewer steps and carry the state.");
        this.network = network;
        this.options = options;
        lengths = new int[sequences];
        Plan[][] plans = PlansFor(steps, sequences);
        batch = new(Device, steps, sequences, Math.Max(Device.Workers, PortableShape.Tiles(sequences)), options.BatchFirst);
        passes = [.. network.Layers.Select(directions => new LayerPass<E>[directions.Length])];
        try
        {
            memory = new(network, steps, sequences, options);
            for (int l = 0; l < passes.Length; l++)
                for (int d = 0; d < passes[l].Length; d++)
                    passes[l][d] = new(Device, network.Layers[l][d], plans[l][d], steps, sequences, options);
        }
        catch
        {
            Dispose(); // what was made of it: the caller may try a smaller one
            throw;
        }
        Connect();
        SetShape(steps, sequences);
    }

    internal override Device Device => network.Device;
    internal override Usage Usage => network.Parameters.Usage;
    internal override Batch Batch => batch;
    internal override bool Training => options.Training;

    internal Recurrent<E> Network => network;
    internal int InputSize => network.InputSize;

    /// <summary>Elements of y at a step.</summary>
    public override int OutputSize => network.OutputSize;

    Plan[][] PlansFor(int steps, int sequences) =>
        [.. network.Layers.Select(ds => ds.Select(l => Layers.Plan.Of(Device, l, steps, sequences, options.Strategy)).ToArray())];

    /// <summary>One line a layer and direction: how it runs and why.</summary>
    public IEnumerable<string> Explain() => PlansFor(Steps, Sequences).SelectMany((ds, l) => ds.Select((plan, d) =>
        $"layer {l}{(d == 1 ? " reverse" : "")}: {plan.Describe(Device, network.Layers[l][d], options.Training)}, "
        + $"workspace {passes[l][d].WorkspaceBytes / 1e6:F1} MB"));

    /// <summary>The workspaces of all layers, in bytes: what a pass takes beside inputs, outputs, states, weights and their gradients.</summary>
    public long WorkspaceBytes => passes.SelectMany(p => p).Sum(p => p.WorkspaceBytes);

    /// <summary>A batch of `sequences` sequences of `steps` steps each.</summary>
    /// <param name="steps">T, at most <see cref="Source{E}.MaxSteps"/>.</param>
    /// <param name="sequences">B, at most <see cref="Source{E}.MaxSequences"/>.</param>
    public void SetShape(int steps, int sequences)
    {
        using Usage.Scope scope = Enter();
        CheckShape(steps, sequences);
        lengths.AsSpan(0, sequences).Fill(steps);
        Set(steps, lengths.AsSpan(0, sequences), default);
    }

    /// <summary>A batch of sequences with lengths of their own; a step that a sequence does not have costs nothing.</summary>
    /// <param name="steps">T of the arrays.</param>
    /// <param name="lengths">[B] Each from 0 to T.</param>
    /// <exception cref="GpuRnnException">More steps or sequences than planned, or a length that is not within 0 and T.</exception>
    public void SetLengths(int steps, ReadOnlySpan<int> lengths)
    {
        using Usage.Scope scope = Enter();
        CheckShape(steps, lengths.Length);
        CheckLengths(steps, lengths);
        Set(steps, lengths, default);
    }

    static void CheckLengths(int steps, ReadOnlySpan<int> lengths)
    {
        for (int b = 0; b < lengths.Length; b++)
            if (lengths[b] < 0 || lengths[b] > steps)
                throw new GpuRnnException($"Sequence {b} has length {lengths[b]}; it must be from 0 to {steps}, the steps of the batch.");
    }

    /// <summary>One thread at a time, and nothing disposed.</summary>
    Usage.Scope Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return network.Enter();
    }

    void CheckShape(int steps, int sequences)
    {
        if (steps < 1 || steps > MaxSteps || sequences < 1 || sequences > MaxSequences)
            throw new GpuRnnException(
                $"A batch of {steps} steps and {sequences} sequences does not fit this pass: "
                + $"it was planned for up to {MaxSteps} and {MaxSequences}.");
    }

    void Set(int steps, ReadOnlySpan<int> lengths, ReadOnlySpan<int> slots)
    {
        (ran, saved) = (false, false);
        // states of another store, or of another number of sequences, are not this batch's
        if (store is not null || initialSequences != lengths.Length) ClearInitialStates();
        for (int l = 0; l < passes.Length; l++)
            for (int d = 0; d < passes[l].Length; d++)
            {
                Plan plan = Layers.Plan.Of(Device, network.Layers[l][d], steps, lengths.Length, options.Strategy);
                if (l == 0 && d == 0) batch.Set(steps, lengths, slots, plan.Owners, plan.Projected, options.Segment(MaxSteps));
                passes[l][d].Set(batch, plan);
            }
    }

    /// <summary>Layer by layer: what each reads and writes.</summary>
    void Connect()
    {
        for (int l = 0; l < passes.Length; l++)
            for (int d = 0; d < passes[l].Length; d++)
            {
                LayerPass<E> pass = passes[l][d];
                if (l > 0) pass.Input((memory.Dropped.Length > 0 ? memory.Dropped : memory.Outputs)[l - 1], default, network.OutputSize);
                else pass.Input(memory.X, memory.Index, network.InputSize);
                pass.Output(memory.OutputOf(l, d), memory.OutputStride);
            }
    }

    /// <summary>[T, B, I] The input on the device: write here, or give a view of your own to <see cref="UseInput(ArrayView{E})"/>.</summary>
    public ArrayView<E> Input => Alive(memory.X);

    /// <summary>[T, B] The indices on the device, for networks that read indices.</summary>
    public ArrayView<int> Indices => Alive(memory.Index);

    /// <summary>[T, B, <see cref="Recurrent{E}.OutputSize"/>] The output of the last layer on the device.</summary>
    public override ArrayView<E> Output => Alive(memory.Outputs[^1]);

    /// <summary>[layers * directions, B, H] The final h and c on the device.</summary>
    public ArrayView<E> FinalH => Alive(memory.Hn);

    /// <summary>[layers * directions, B, H] The final c on the device; empty for cells that have none.</summary>
    public ArrayView<E> FinalC => Alive(memory.Cn);

    /// <summary>Reads the input where it is on the device, without a copy.</summary>
    /// <param name="x">[T, B, I]; must stay alive as long as the pass reads it.</param>
    public void UseInput(ArrayView<E> x)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        CheckLength(x.Length, (long)Steps * Sequences * network.InputSize, "x");
        foreach (LayerPass<E> pass in passes[0]) pass.Input(x, default, network.InputSize);
    }

    /// <summary>Reads the rows of a source, such as a dense layer over <see cref="InputRows{E}"/>; a backward pass writes the source's gradient.</summary>
    /// <param name="source">Rows of I numbers over this pass's own batches.</param>
    /// <exception cref="GpuRnnException">The rows are of another size, or of other batches.</exception>
    public void UseInput(Source<E> source)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentNullException.ThrowIfNull(source);
        if (source.OutputSize != network.InputSize)
            throw new GpuRnnException($"The source gives {source.OutputSize} numbers a step; the network reads {network.InputSize}.");
        if (source.Batch != batch) throw new GpuRnnException("The source has rows of other batches than this pass.");
        inputSource = source;
        foreach (LayerPass<E> pass in passes[0]) pass.Input(source.Output, default, source.OutputStride);
    }

    /// <summary>Reads the indices where they are on the device, without a copy.</summary>
    /// <param name="indices">[T, B]; each from 0 to I - 1, which is not checked here.</param>
    public void UseInput(ArrayView<int> indices)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        CheckLength(indices.Length, (long)Steps * Sequences, "indices");
        foreach (LayerPass<E> pass in passes[0]) pass.Input(default, indices, network.InputSize);
    }

    ArrayView<T> Alive<T>(ArrayView<T> view) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return view;
    }

    static void CheckLength(long length, long expected, string what)
    {
        if (length < expected) throw new GpuRnnException($"{what} has {length} elements; the batch needs {expected}.");
    }

    /// <summary>
    /// Runs the forward pass on what is on the device: <see cref="Input"/>
    /// and the initial states, to <see cref="Output"/> and the final states.
    /// </summary>
    public void Forward()
    {
        using Usage.Scope scope = Enter();
        FetchStates();
        for (int l = 0; l < passes.Length; l++)
        {
            for (int d = 0; d < passes[l].Length; d++)
            {
                States(passes[l][d], l * network.DirectionCount + d);
                passes[l][d].Forward();
            }
            memory.Sum(l, Steps * Sequences);
            if (l < memory.Masks.Length) Mask(l, memory.Outputs[l], memory.Dropped[l]);
        }
        ReturnStates();
        (ran, saved, ranSequences) = (true, options.Training, store is null || options.Training ? Sequences : 0);
    }

    void Mask(int layer, ArrayView<E> from, ArrayView<E> to) => memory.Masks[layer].Apply(batch, DropoutStep, network.OutputSize, network.OutputSize, from, to);

    /// <summary>The training step, which says what <see cref="PassOptions.Dropout"/> leaves out: every step has masks of its own.</summary>
    public long DropoutStep { get; set; }

    /// <summary>Frees the memory.</summary>
    public override void Dispose()
    {
        if (disposed) return;
        disposed = true;
        foreach (LayerPass<E>? pass in passes.SelectMany(p => p)) pass?.Dispose();
        batch.Dispose();
        storeSlots?.Dispose();
        memory?.Dispose();
    }
}
