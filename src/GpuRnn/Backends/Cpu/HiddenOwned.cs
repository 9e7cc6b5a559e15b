using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Cpu;

/// <summary>
/// A worker owns hidden units of all sequences, and all meet after each stage; products of dense x are made for many steps at once. For
/// few sequences, or weights that caches do not keep.
/// </summary>
sealed class HiddenOwned<E>(CpuLayer<E> layer) : Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>
    /// Rows whose input products are made at once, at least one step: enough to share the reading of W_ih, few enough for a cache.
    /// </summary>
    public const int ProjectedRows = 96;

    readonly CpuKernels<E> kernels = layer.Shape.IndexInput
        ? new(layer, nameof(SequenceKernels.Forward), typeof(IndexInput), typeof(HiddenOwned))
        : layer.Storage.KeepsSums
            ? new(layer, nameof(SequenceKernels.ForwardProjected), typeof(ProjectedInput), typeof(HiddenOwned))
            : new(layer, nameof(SequenceKernels.Forward), typeof(DenseInput), typeof(HiddenOwned));
    readonly LayerProgram<E>?[] programs = new LayerProgram<E>[layer.Device.Workers + 1];

    public override Strategy Strategy => Strategy.HiddenOwned;

    public override string? Refusal => layer.Shape.Stages.Any(s => s.Numbers.Rounds > 0)
        ? $"the statistics of {layer.Shape.Cell} want all units of a row in one worker"
        : null;

    public override int Width => layer.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    /// <summary>As many sequences as there are, and a little for meeting: less than one sequence fewer costs the other way.</summary>
    public override double Time(BatchShape batch) => 1 + 0.5 / layer.FewSequences;

    public static int ProjectedSteps(BatchShape batch) =>
        Math.Clamp(ProjectedRows / Math.Max(1, batch.Sequences), 1, Math.Max(1, batch.Steps));

    public override WorkSizes WorkSizes(PassShape pass)
    {
        int sequences = pass.Forced ? pass.Sequences : Math.Min(pass.Sequences, layer.FewSequences);
        int rows = pass.Training ? checked(pass.Segment * pass.Sequences)
            : Math.Max(sequences, (int)Math.Min(ProjectedRows, (long)pass.Steps * pass.Sequences));
        return layer.WithScratch(
            PanelSizes.Work(layer.Shape, layer.Width, layer.Storage.GateBytes, rows, pass.Sequences, pass.Training, partial: true),
            pass.Training);
    }

    public override LayerPlan<E> Plan(BatchShape batch)
    {
        int workers = Math.Min(layer.Device.Workers, layer.MostPanels);
        return new(programs[workers] ??= Program(workers), workers, 1, Math.Max(1, batch.Steps), ProjectedSteps(batch));
    }

    LayerProgram<E> Program(int workers) => new()
    {
        Pack = [new(kernels.Pack, new(1, layer.PackWorkers))],
        Forward = [new(kernels.Forward, new(1, workers), Resident: true)],
        Backward = [new(kernels.Backward, new(1, workers), Resident: true)],
    };

    public override string Describe(BatchShape batch, bool training)
    {
        LayerPlan<E> plan = Plan(batch);
        return $"{Strategy} (few sequences for these weights: workers own hidden units and meet each step), {layer.Tile}, "
            + $"{plan.Workers} workers"
            + (layer.Shape.IndexInput || !layer.Storage.KeepsSums ? "" : $", x projected {plan.Projected} steps at a time")
                + (training ? $", dx every {plan.Chunk} steps" : "");
    }
}
