using System.Runtime.CompilerServices;
using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Kernels.Workers;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>One layer in one direction inside a pass: the memory that it works in and the arguments of its launches.</summary>
sealed class LayerPass<E> : IDisposable where E : unmanaged
{
    readonly Device device;
    readonly RecurrentLayer<E> layer;
    readonly List<IDisposable> memory = [];
    readonly bool training;
    readonly int segment, maxSteps;
    readonly Buffer<E>[] kept = [];
    readonly Buffer<E> segmentC;
    SequenceArguments<E> a;
    Plan plan;

    public LayerPass(Device device, RecurrentLayer<E> layer, Plan plan, int maxSteps, int maxSequences, PassOptions options)
    {
        this.device = device;
        this.layer = layer;
        this.plan = plan;
        this.maxSteps = maxSteps;
        training = options.Training;
        segment = options.Segment(maxSteps);
        LayerKernels<E> kernels = layer.Kernels;
        int maxRows = training ? checked(segment * maxSequences) : RowsKept(kernels, maxSteps, maxSequences);
        // panels a multiple of 4 KB apart would share cache sets
        a.PanelStride = checked(PaddedStride(maxRows * kernels.Width, kernels.Width));
        a.Barrier = New<int>(32);
        Stage(kernels.First, ref a.First);
        Stage(kernels.Second, ref a.Second);
        if (kernels.Stages > 1) a.Q = New<E>((long)maxRows * layer.H);
        if (!training) return;
        if (kernels.HasC) a.Cs = New<E>((long)maxRows * layer.H);
        if (kernels.HasC && segment < maxSteps)
        {
            kept = [.. Enumerable.Range(1, (maxSteps - 1) / segment).Select(_ => New<E>((long)maxSequences * layer.H))];
            segmentC = New<E>((long)maxSequences * layer.H);
        }
        if (kernels.Stages > 1) a.Dq = New<E>((long)maxSequences * layer.H);
        if (device.Kind != DeviceKind.Cpu) return;
        a.ScratchStride = WeightProduct.KBlock * WeightProduct.RowStride(layer.InputColumns + layer.H, kernels.Width) + 16;
        a.Scratch = New<E>((long)a.ScratchStride * device.Workers);
    }

    /// <summary>
    /// Gate rows of inference: a step's, if they pass from stage to stage or workers share hidden units; else what is projected for the few
    /// sequences that a smaller batch may have.
    /// </summary>
    int RowsKept(LayerKernels<E> kernels, int maxSteps, int maxSequences)
    {
        int few = kernels.Stages > 1 || plan.Strategy == Strategy.HiddenOwned ? maxSequences : Plan.FewSequences(device, layer);
        return Math.Max(few, (int)Math.Min(Plan.ProjectedRows, (long)maxSteps * maxSequences));
    }

    static int PaddedStride(int elements, int width) => (elements / width | 1) * width + (elements / width % 2 == 0 ? 0 : 2 * width);

    void Stage(StageCounts counts, ref StageArguments<E> stage)
    {
        if (counts.Slots == 0) return;
        stage.Gates = New<E>((long)a.PanelStride * counts.Slots * layer.Panels);
        if (!training || device.Kind != DeviceKind.Cpu) return;
        long units = (long)layer.Panels * layer.Kernels.Width;
        stage.DInput = New<E>(units * counts.Input * layer.I);
        stage.DHidden = New<E>(units * counts.Hidden * layer.H);
        stage.DBias = New<E>(units * counts.Slots);
    }

    /// <summary>Memory beside inputs, outputs, weights and their gradients.</summary>
    public long WorkspaceBytes { get; private set; }

    Buffer<T> New<T>(long length) where T : unmanaged
    {
        WorkspaceBytes += length * Unsafe.SizeOf<T>();
        DeviceArray<T> array = new(device, length);
        memory.Add(array);
        return array.Buffer;
    }

    /// <summary>Takes the geometry of a batch and the plan that goes with it.</summary>
    public void Set(Batch batch, Plan next)
    {
        plan = next;
        batch.Fill(ref a, layer.Reverse, training, plan.Workers);
        (a.Chunk, a.Projected) = (plan.Chunk, plan.Projected);
    }

    public void Input(ArrayView<E> x, ArrayView<int> index, int stride) => (a.X, a.Index, a.XStride) = (device.Buffer(x), device.Buffer(index), stride);

    public void Output(ArrayView<E> y, int stride) => (a.Y, a.YStride) = (device.Buffer(y), stride);

    public void States(ArrayView<E> h0, ArrayView<E> c0, ArrayView<E> hn, ArrayView<E> cn) => 
        (a.H0, a.C0, a.Hn, a.Cn) = (device.Buffer(h0), device.Buffer(c0), device.Buffer(hn), device.Buffer(cn));

    bool Segmented => segment < maxSteps;

    public void Forward()
    {
        layer.Pack(training);
        layer.Fill(ref a);
        if (Segmented) ForwardKeepingStates();
        else Forward(0, a.Longest, a, training);
    }

    void Forward(int begin, int end, SequenceArguments<E> part, bool save)
    {
        (part.Begin, part.End, part.Training) = (begin, end, save ? 1 : 0);
        layer.Kernels.Forward(device.Stream, Plan.Config(device, plan.Workers), part, plan.Strategy);
    }

    /// <summary>Segment by segment as in inference, with a copy of c between them: h stands in y.</summary>
    void ForwardKeepingStates()
    {
        SequenceArguments<E> part = a;
        for (int begin = 0; begin == 0 || begin < a.Longest; begin += segment)
        {
            Forward(begin, Math.Min(begin + segment, a.Longest), part, false);
            part.C0 = part.Cn;
            int next = begin / segment;
            if (next < kept.Length) kept[next].View.SubView(0, (long)a.B * a.H).CopyFrom(device.Stream, a.Cn.View.SubView(0, (long)a.B * a.H));
        }
    }

    /// <summary>The backward pass: dy as y; dh and dc in place; dx (or none) written or added to; parameters' gradients written or added to.</summary>
    public void Backward(ArrayView<E> dy, ArrayView<E> dh, ArrayView<E> dc, bool states, ArrayView<E> dx, bool addDx, bool addDw)
    {
        (a.Dy, a.Dh, a.Dc, a.Dx) = (device.Buffer(dy), device.Buffer(dh), device.Buffer(dc), device.Buffer(dx));
        (a.WantStates, a.WantDx, a.AddDx, a.WantDw, a.AddDw) = (states ? 1 : 0, dx.Length > 0 ? 1 : 0, addDx ? 1 : 0, 1, addDw ? 1 : 0);
        layer.FillGradients(ref a);
        if (!Segmented) Backward(0, a.Longest, a);
        else
            for (int begin = Math.Max(0, a.Longest - 1) / segment * segment; begin >= 0; begin -= segment)
                BackwardAgain(begin, Math.Min(begin + segment, a.Longest));
    }

    void Backward(int begin, int end, SequenceArguments<E> part)
    {
        int products = device.Kind == DeviceKind.Cpu ? plan.Workers : Math.Max(1, Math.Max(layer.Panels, device.Workers));
        (part.Begin, part.End, part.Training) = (begin, end, 1);
        layer.Kernels.Backward(device.Stream, Plan.Config(device, plan.Workers), Plan.Config(device, products), part, plan.Strategy);
    }

    /// <summary>Computes a segment's gates again, from y and the c that was kept, and goes back through them.</summary>
    void BackwardAgain(int begin, int end)
    {
        SequenceArguments<E> part = a;
        if (begin > 0 && kept.Length > 0) part.C0 = kept[begin / segment - 1];
        part.Cn = segmentC;
        Forward(begin, end, part, true);
        Backward(begin, end, part);
    }

    public void Dispose() => memory.ForEach(m => m.Dispose());
}
