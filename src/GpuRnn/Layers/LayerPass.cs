using GpuRnn.Devices;
using GpuRnn.Kernels.Sequence;
using GpuRnn.Kernels.Tiles.Cpu;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>One layer in one direction inside a pass: the memory that it works in and the arguments of its launches.</summary>
sealed class LayerPass<E> : IDisposable where E : unmanaged
{
    readonly Device device;
    readonly RecurrentLayer<E> layer;
    readonly List<IDisposable> memory = [];
    readonly bool training;
    SequenceArguments<E> a;
    Plan plan;

    public LayerPass(Device device, RecurrentLayer<E> layer, Plan plan, int maxSteps, int maxSequences, bool training)
    {
        this.device = device;
        this.layer = layer;
        this.plan = plan;
        this.training = training;
        LayerKernels<E> kernels = layer.Kernels;
        int maxRows = training ? checked(maxSteps * maxSequences) : RowsKept(kernels, maxSteps, maxSequences);
        // panels a multiple of 4 KB apart would share cache sets
        a.PanelStride = checked(PaddedStride(maxRows * kernels.Width, kernels.Width));
        a.Training = training ? 1 : 0;
        a.Barrier = New<int>(32);
        Stage(kernels.First, ref a.First);
        Stage(kernels.Second, ref a.Second);
        if (kernels.Stages > 1) a.Q = New<E>((long)maxRows * layer.H);
        if (!training) return;
        if (kernels.HasC) a.Cs = New<E>((long)maxRows * layer.H);
        if (kernels.Stages > 1) a.Dq = New<E>((long)maxSequences * layer.H);
        if (device.Kind != DeviceKind.Cpu) return;
        a.ScratchStride = WeightProduct.KBlock * WeightProduct.RowStride(layer.I + layer.H, kernels.Width) + 16;
        a.Scratch = New<E>((long)a.ScratchStride * device.Workers);
    }

    /// <summary>
    /// Gate rows of inference: a step's, if they pass from stage to stage or workers share hidden units; else what is projected for the few
    /// sequences that a smaller batch may have.
    /// </summary>
    int RowsKept(LayerKernels<E> kernels, int maxSteps, int maxSequences)
    {
        int few = kernels.Stages > 1 || plan.Strategy == Strategy.HiddenOwned ? maxSequences : Plan.FewSequences(device);
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

    Buffer<T> New<T>(long length) where T : unmanaged
    {
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

    public void Forward()
    {
        layer.Pack(training);
        layer.Fill(ref a);
        layer.Kernels.Forward(device.Stream, Plan.Config(device, plan.Workers), a, plan.Strategy);
    }

    /// <summary>The backward pass: dy as y; dh and dc in place; dx (or none) written or added to; parameters' gradients written or added to.</summary>
    public void Backward(ArrayView<E> dy, ArrayView<E> dh, ArrayView<E> dc, bool states, ArrayView<E> dx, bool addDx, bool addDw)
    {
        (a.Dy, a.Dh, a.Dc, a.Dx) = (device.Buffer(dy), device.Buffer(dh), device.Buffer(dc), device.Buffer(dx));
        (a.WantStates, a.WantDx, a.AddDx, a.WantDw, a.AddDw) = (states ? 1 : 0, dx.Length > 0 ? 1 : 0, addDx ? 1 : 0, 1, addDw ? 1 : 0);
        layer.FillGradients(ref a);
        int products = device.Kind == DeviceKind.Cpu ? plan.Workers : Math.Max(1, Math.Max(layer.Panels, device.Workers));
        layer.Kernels.Backward(device.Stream, Plan.Config(device, plan.Workers), Plan.Config(device, products), a, plan.Strategy);
    }

    public void Dispose() => memory.ForEach(m => m.Dispose());
}
