using System.Runtime.CompilerServices;
using GpuRnn.Backends;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Workers;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>One layer in one direction inside a pass: the memory that it works in and the arguments of its launches.</summary>
sealed class LayerPass<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Device device;
    readonly RecurrentLayer<E> layer;
    readonly Planner<E> planner;
    readonly List<IDisposable> memory = [];
    readonly RecordedRuns<E> runs;
    readonly Storage storage;
    readonly bool training;
    readonly int segment, maxSteps;
    readonly WorkSharing? wanted;
    readonly Buffer<E>[] kept = [];
    readonly Buffer<E> segmentC;
    SequenceArguments<E> a;
    Way<E> way;
    LayerPlan<E> plan;

    public LayerPass(Device device, RecurrentLayer<E> layer, int maxSteps, int maxSequences, Storage storage, PassOptions options)
    {
        this.device = device;
        this.layer = layer;
        this.maxSteps = maxSteps;
        this.storage = storage;
        training = options.Training;
        segment = options.Segment(maxSteps);
        // of each segment: forward, forward once more, back; and as many of another batch
        runs = new(device.Backend.Recorder, Math.Max(8, 6 * ((maxSteps + segment - 1) / Math.Max(1, segment))));
        planner = new(layer.Ways(storage), options.Strategy);
        wanted = options.Sharing;
        way = planner.Choose(ShapeOf(maxSteps, maxSequences));
        WorkSizes sizes = planner.WorkSizes(new(maxSteps, maxSequences, training, segment));
        try
        {
            a.Barrier = New<int>((1 + device.Workers) * CpuWorkers.BarrierLength, Contents.Zeros);
            (a.PanelStride, a.ScratchStride) = (sizes.PanelStride, sizes.ScratchStride);
            (a.Cs, a.Scratch) = (New<E>(sizes.Cs), New<E>(sizes.Scratch));
            (a.Row, a.RowBefore) = (New<int>(sizes.Rows), New<int>(sizes.Rows));
            for (int i = 0; i < sizes.Stages.Length; i++) MakeStage(sizes.Stages[i], i);
            if (!training || !layer.Shape.HasC || segment >= maxSteps) return;
            kept = [.. Enumerable.Range(1, (maxSteps - 1) / segment).Select(_ => New<E>((long)maxSequences * layer.Shape.Units))];
            segmentC = New<E>((long)maxSequences * layer.Shape.Units);
        }
        catch
        {
            Dispose(); // the caller may try a smaller one
            throw;
        }
    }

    /// <summary>Each stage reads what the one before it makes.</summary>
    void MakeStage(StageSizes sizes, int index)
    {
        ref StageArguments<E> stage = ref RecurrentLayer<E>.Stage(ref a, index);
        (stage.Gates, stage.Statistics) = (New<byte>(sizes.Gates), New<E>(sizes.Statistics));
        stage.Sums = sizes.Sums > 0 ? New<E>(sizes.Sums) : stage.Gates.As<E>();
        (stage.Made, stage.DMade) = (New<E>(sizes.Made), New<E>(sizes.DMade));
        (stage.DInput, stage.DHidden, stage.DBias, stage.DUnit) = (
            New<E>(sizes.DInput), New<E>(sizes.DHidden), New<E>(sizes.DBias), New<E>(sizes.DUnit));
        if (index == 0) return;
        StageArguments<E> before = RecurrentLayer<E>.Stage(ref a, index - 1);
        (stage.Before, stage.Operand, stage.DOperand) = (before.Gates, before.Made, before.DMade);
    }

    /// <summary>Memory beside inputs, outputs, weights and their gradients.</summary>
    public long WorkspaceBytes { get; private set; }

    Buffer<T> New<T>(long length, Contents contents = Contents.Nothing) where T : unmanaged
    {
        if (length == 0) return default;
        WorkspaceBytes += length * Unsafe.SizeOf<T>();
        DeviceArray<T> array = new(device, length, contents);
        memory.Add(array);
        return array.Buffer;
    }

    /// <summary>Of the batch.</summary>
    public Strategy Strategy => way.Strategy;

    /// <summary>How a batch runs, in one line.</summary>
    public string Explain(int steps, int sequences) => planner.Explain(ShapeOf(steps, sequences), training);

    /// <summary>What could have been chosen, best first.</summary>
    public IEnumerable<SharingTime> Candidates(int steps, int sequences) => planner.Candidates(ShapeOf(steps, sequences));

    BatchShape ShapeOf(int steps, int sequences) => new(steps, sequences, training, wanted);

    /// <summary>Decides how a batch runs, and says how its rows are to be shared.</summary>
    public RowSharing Choose(int steps, int sequences)
    {
        BatchShape batch = ShapeOf(steps, sequences);
        way = planner.Choose(batch);
        if (way.Proof(batch) is { } proof && FirstUse.Check<E>(device, layer.Shape, storage, way.Strategy, proof, training))
            way = planner.Choose(batch);
        plan = way.Plan(batch);
        return new(plan.Owners, plan.Projected);
    }

    /// <summary>Takes the geometry of a batch, its rows shared as was said.</summary>
    public void Set(Batch batch, int sharing)
    {
        batch.Fill(ref a, layer.Reverse, training, sharing);
        (a.Chunk, a.Projected, a.Groups, a.Slices) = (plan.Chunk, plan.Projected, plan.Owners, plan.Slices);
    }

    public void Input(ArrayView<E> x, ArrayView<int> index, int stride) =>
        (a.X, a.Index, a.XStride) = (device.Buffer(x), device.Buffer(index), stride);

    public void Output(ArrayView<E> y, int stride) => (a.Y, a.YStride) = (device.Buffer(y), stride);

    public void States(ArrayView<E> h0, ArrayView<E> c0, ArrayView<E> hn, ArrayView<E> cn) =>
        (a.H0, a.C0, a.Hn, a.Cn) = (device.Buffer(h0), device.Buffer(c0), device.Buffer(hn), device.Buffer(cn));

    bool Segmented => segment < maxSteps;

    /// <summary>Packs the weights, if they have changed.</summary>
    public void Pack()
    {
        layer.FillSizes(ref a, way.Width);
        layer.Pack(way, plan.Program, training, ref a);
    }

    public void Forward()
    {
        Pack();
        if (Segmented) ForwardKeepingStates();
        else Forward(0, a.Longest, ref a, training);
    }

    void Forward(int begin, int end, ref SequenceArguments<E> part, bool save)
    {
        (part.Begin, part.End, part.Training) = (begin, end, save ? 1 : 0);
        runs.Run(plan.Program.Forward, part);
    }

    /// <summary>Segment by segment as in inference, with a copy of c between them: h stands in y.</summary>
    void ForwardKeepingStates()
    {
        SequenceArguments<E> part = a;
        long states = (long)a.B * a.Units;
        for (int begin = 0; begin == 0 || begin < a.Longest; begin += segment)
        {
            Forward(begin, Math.Min(begin + segment, a.Longest), ref part, false);
            part.C0 = part.Cn;
            int next = begin / segment;
            if (next < kept.Length) kept[next].View.SubView(0, states).CopyFrom(device.Stream, a.Cn.View.SubView(0, states));
        }
    }

    /// <summary>
    /// The backward pass: dy as y; dh and dc in place; dx (or none) written or added to; parameters' gradients written or added to.
    /// </summary>
    public void Backward(ArrayView<E> dy, ArrayView<E> dh, ArrayView<E> dc, bool states, ArrayView<E> dx, bool addDx, bool addDw)
    {
        (a.Dy, a.Dh, a.Dc, a.Dx) = (device.Buffer(dy), device.Buffer(dh), device.Buffer(dc), device.Buffer(dx));
        (a.WantStates, a.WantDx, a.AddDx, a.AddDw) = (states ? 1 : 0, dx.Length > 0 ? 1 : 0, addDx ? 1 : 0, addDw ? 1 : 0);
        layer.FillGradients(ref a);
        if (!Segmented) Backward(0, a.Longest, ref a);
        else
            for (int begin = Math.Max(0, a.Longest - 1) / segment * segment; begin >= 0; begin -= segment)
                BackwardAgain(begin, Math.Min(begin + segment, a.Longest));
    }

    void Backward(int begin, int end, ref SequenceArguments<E> part)
    {
        (part.Begin, part.End, part.Training) = (begin, end, 1);
        runs.Run(plan.Program.Backward, part, back: true);
        if (part.WantDx != 0) runs.Run(plan.Program.InputGradient, part);
        runs.Run(plan.Program.WeightGradient, part);
    }

    /// <summary>Computes a segment's gates again, from y and the c that was kept, and goes back through them.</summary>
    void BackwardAgain(int begin, int end)
    {
        SequenceArguments<E> part = a;
        if (begin > 0 && kept.Length > 0) part.C0 = kept[begin / segment - 1];
        part.Cn = segmentC;
        Forward(begin, end, ref part, true);
        Backward(begin, end, ref part);
    }

    public void Dispose()
    {
        runs.Dispose();
        memory.ForEach(m => m.Dispose());
    }
}
