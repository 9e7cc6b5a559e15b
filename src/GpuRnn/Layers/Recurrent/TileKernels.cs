using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>
/// The launches of one tile, and of the tile that takes its place in forward
/// passes of few rows. A kernel is compiled when it is first needed.
/// </summary>
sealed class TileKernels<E, TTile, TFewRows, L, S1, S2, G1, G2, TStep> : LayerKernels<E>
    where E : unmanaged
    where TTile : struct, ITile<E>
    where TFewRows : struct, ITile<E>
    where L : struct, ILane<L>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
    where TStep : struct, IStep<L, S1, S2>
{
    readonly Lazy<Action<AcceleratorStream, KernelConfig, SequenceArguments<E>>> pack, inputGradient, weightGradient;
    readonly Passes<TTile, SequencesOwned> sequences;
    readonly Passes<TFewRows, HiddenOwned> hidden;

    public TileKernels(Device device)
    {
        Width = TTile.Width;
        Stages = TTile.Stages;
        WorkersMeet = TTile.WorkersMeet;
        Projects = TFewRows.Projects;
        First = new(S1.Count, G1.InputCount, G1.HiddenCount);
        Second = Stages > 1 ? new(S2.Count, G2.InputCount, G2.HiddenCount) : default;
        Gates = TStep.Gates;
        HasC = TStep.HasC;
        HasHiddenBias = TStep.HasHiddenBias;
        pack = device.Kernel<SequenceArguments<E>>(SequenceKernels.Pack<E, TTile>);
        inputGradient = device.Kernel<SequenceArguments<E>>(SequenceKernels.InputGradient<E, TTile>);
        weightGradient = device.Kernel<SequenceArguments<E>>(SequenceKernels.WeightGradient<E, TTile>);
        sequences = new(device);
        hidden = new(device);
    }

    public override void Pack(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a) => pack.Value(stream, config, a);

    public override void Forward(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a, Strategy strategy)
    {
        if (strategy == Strategy.SequencesOwned) sequences.Forward.Value(stream, config, a);
        else if (WorkersMeet) hidden.Forward.Value(stream, config, a);
        else ForwardByStep(stream, config, a);
    }

    /// <summary>Where workers cannot wait for each other, the end of a launch is where they meet.</summary>
    void ForwardByStep(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a)
    {
        for (int step = a.Begin; step < a.End; step++)
        {
            hidden.ForwardFirst.Value(stream, config, a, step);
            if (Stages > 1) hidden.ForwardSecond.Value(stream, config, a, step);
        }
        hidden.ForwardEnds.Value(stream, config, a);
    }

    public override void Backward(AcceleratorStream stream, KernelConfig config, KernelConfig products, in SequenceArguments<E> a, Strategy strategy)
    {
        if (strategy == Strategy.SequencesOwned) sequences.Backward.Value(stream, config, a);
        else if (WorkersMeet) hidden.Backward.Value(stream, config, a);
        else BackwardByStep(stream, config, a);
        if (WorkersMeet) return;
        if (a.WantDx != 0) inputGradient.Value(stream, products, a);
        if (a.WantDw != 0) weightGradient.Value(stream, products, a);
    }

    void BackwardByStep(AcceleratorStream stream, KernelConfig config, in SequenceArguments<E> a)
    {
        for (int step = a.End - 1; step >= a.Begin; step--)
        {
            hidden.BackwardFirst.Value(stream, config, a, step);
            if (Stages > 1) hidden.BackwardSecond.Value(stream, config, a, step);
        }
        hidden.BackwardFirst.Value(stream, config, a, a.Begin - 1);
    }

    sealed class Passes<T, TStrategy>(Device device) where T : struct, ITile<E> where TStrategy : struct, IStrategy
    {
        public readonly Lazy<Action<AcceleratorStream, KernelConfig, SequenceArguments<E>>>
            Forward = device.Kernel<SequenceArguments<E>>(SequenceKernels.Forward<E, T, TStrategy>),
            ForwardEnds = device.Kernel<SequenceArguments<E>>(SequenceKernels.ForwardEnds<E, T, TStrategy>),
            Backward = device.Kernel<SequenceArguments<E>>(SequenceKernels.Backward<E, T, TStrategy>);
        public readonly Lazy<Action<AcceleratorStream, KernelConfig, SequenceArguments<E>, int>>
            ForwardFirst = device.Kernel<SequenceArguments<E>, int>(SequenceKernels.ForwardFirst<E, T, TStrategy>),
            ForwardSecond = device.Kernel<SequenceArguments<E>, int>(SequenceKernels.ForwardSecond<E, T, TStrategy>),
            BackwardFirst = device.Kernel<SequenceArguments<E>, int>(SequenceKernels.BackwardFirst<E, T, TStrategy>),
            BackwardSecond = device.Kernel<SequenceArguments<E>, int>(SequenceKernels.BackwardSecond<E, T, TStrategy>);
    }
}
