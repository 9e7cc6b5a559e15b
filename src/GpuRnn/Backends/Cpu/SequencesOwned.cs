using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Cpu;

/// <summary>A worker owns sequences, all hidden units of them, and never waits for another in the time loop: one launch a pass.</summary>
sealed class SequencesOwned<E>(CpuLayer<E> layer) : Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Gate gradients of a chunk, in bytes a worker, that should stay in its second-level cache.</summary>
    const int ChunkBytes = 1 << 19;

    readonly CpuKernels<E> kernels = new(
        layer, nameof(SequenceKernels.Forward), layer.Shape.IndexInput ? typeof(IndexInput) : typeof(DenseInput), typeof(SequencesOwned));
    readonly long rowBytes = layer.Shape.Stages.Sum(s => (long)s.Units * s.Numbers.Slots) * Unsafe.SizeOf<E>();
    readonly LayerProgram<E>?[] programs = new LayerProgram<E>[layer.Device.Workers + 1];

    public override Strategy Strategy => Strategy.SequencesOwned;

    public override int Width => layer.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    /// <summary>1 for workers whose register tiles are full; fewer sequences take as long as so many.</summary>
    public override double Time(BatchShape batch) => Math.Max(1, (double)layer.FewSequences / Math.Max(1, batch.Sequences));

    public override WorkSizes WorkSizes(PassShape pass)
    {
        int rows = pass.Training ? checked(pass.Segment * pass.Sequences)
            : layer.Shape.KeepsWithinStep
                ? Math.Max(pass.Sequences, (int)Math.Min(HiddenOwned<E>.ProjectedRows, (long)pass.Steps * pass.Sequences)) : 0;
        return layer.WithScratch(
            PanelSizes.Work(layer.Shape, layer.Width, layer.Storage.GateBytes, rows, pass.Sequences, pass.Training, partial: true),
            pass.Training);
    }

    public override LayerPlan<E> Plan(BatchShape batch)
    {
        int workers = Math.Max(1, Math.Min(layer.Device.Workers, batch.Sequences));
        long chunk = ChunkBytes / (rowBytes * Math.Max(1, batch.Sequences / workers));
        return new(programs[workers] ??= Program(workers), workers, workers, (int)Math.Clamp(chunk, 1, Math.Max(1, batch.Steps)),
            HiddenOwned<E>.ProjectedSteps(batch));
    }

    LayerProgram<E> Program(int workers) => new()
    {
        Pack = [new(kernels.Pack, new(1, layer.PackWorkers))],
        Forward = [new(kernels.Forward, new(1, workers))],
        // they meet once, before the parameters' gradients
        Backward = [new(kernels.Backward, new(1, workers), Resident: true)],
    };

    public override string Describe(BatchShape batch, bool training)
    {
        LayerPlan<E> plan = Plan(batch);
        return $"{Strategy} (workers own sequences and never wait), {layer.Tile}, {plan.Workers} workers"
            + (training ? $", dx every {plan.Chunk} steps" : "");
    }
}
