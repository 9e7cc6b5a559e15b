using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Cpu;

/// <summary>
/// Workers form a grid: groups own sequences, and the workers of a group share the hidden units of these and meet after each stage. Its
/// edges are strategies of their own: a worker a group never waits for another, and one group shares the hidden units of all.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="strategy">Which grids are meant.</param>
sealed class GridWay<E>(CpuLayer<E> layer, Strategy strategy) : Way<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>
    /// Rows whose input products are made at once, at least one step: enough to share the reading of W_ih, few enough for a cache.
    /// </summary>
    const int ProjectedRows = 96;

    /// <summary>Shapes of batches whose choice is kept.</summary>
    const int MostShapes = 4096;

    readonly long rowBytes = layer.Shape.Stages.Sum(s => (long)s.Units * s.Numbers.Slots) * Unsafe.SizeOf<E>();
    readonly Dictionary<BatchShape, (WorkSharing How, double Time)> chosen = [];
    readonly Dictionary<(int Workers, bool Projected), LayerProgram<E>> programs = [];

    public override Strategy Strategy => strategy;

    public override string? Refusal =>
        strategy != Strategy.SequencesOwned && !layer.SharesUnits
            ? $"the statistics of {layer.Shape.Cell} want all units of a row in one worker"
            : null;

    public override int Width => layer.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    public override double Time(BatchShape batch) => Choose(batch).Time;

    (WorkSharing How, double Time) Choose(BatchShape batch)
    {
        if (chosen.TryGetValue(batch, out (WorkSharing How, double Time) best)) return best;
        if (chosen.Count == MostShapes) chosen.Clear(); // batches of ever new lengths
        best = Candidates(batch).Select(c => (c.Sharing, c.Time)).DefaultIfEmpty((default, double.PositiveInfinity)).MinBy(c => c.Item2);
        chosen.Add(batch, best);
        return best;
    }

    public override IEnumerable<SharingTime> Candidates(BatchShape batch) =>
        Grids(batch).Distinct().Select(how => new SharingTime(how, layer.Costs.Time(how, batch)));

    /// <summary>All grids of the strategy that a batch can have, or the one that is wanted.</summary>
    IEnumerable<WorkSharing> Grids(BatchShape batch)
    {
        int sequences = Math.Max(1, batch.Sequences), most = Math.Max(1, batch.Steps);
        int steps = Math.Clamp(ProjectedRows / sequences, 1, most);
        if (batch.Wanted is { } wanted)
        {
            WorkSharing how = new(Math.Min(wanted.Groups, sequences), layer.SharesUnits ? Math.Min(wanted.Members, layer.MostPanels) : 1,
                layer.Projects ? Math.Min(wanted.ProjectedSteps, steps) : 0);
            if (IsMine(how)) yield return how;
            yield break;
        }
        // all workers, or half of them, and so on: what is small is not worth calling many
        for (int workers = layer.Device.Workers; workers > 0; workers /= 2)
            for (int members = 1; members <= Math.Min(workers, layer.MostPanels); members++)
            {
                WorkSharing how = new(Math.Min(workers / members, sequences), members, 0);
                if (!IsMine(how)) continue;
                yield return how;
                if (layer.Projects) yield return how with { ProjectedSteps = steps };
            }
    }

    bool IsMine(WorkSharing how) =>
        strategy == (how.Members == 1 ? Strategy.SequencesOwned : how.Groups == 1 ? Strategy.HiddenOwned : Strategy.Grid);

    public override WorkSizes WorkSizes(PassShape pass)
    {
        int rows = pass.Training ? checked(pass.Segment * pass.Sequences)
            : layer.Projects || layer.Shape.KeepsWithinStep
                ? Math.Max(pass.Sequences, (int)Math.Min(ProjectedRows, (long)pass.Steps * pass.Sequences)) : 0;
        return layer.WithScratch(
            PanelSizes.Work(layer.Shape, layer.Width, layer.Storage.GateBytes, rows, pass.Sequences, pass.Training, slices: 1),
            pass.Training, pass.Sequences);
    }

    public override LayerPlan<E> Plan(BatchShape batch) => Plan(batch, Choose(batch).How);

    LayerPlan<E> Plan(BatchShape batch, WorkSharing how)
    {
        if (!programs.TryGetValue((how.Workers, how.ProjectedSteps > 0), out LayerProgram<E>? program))
            programs.Add((how.Workers, how.ProjectedSteps > 0), program = Program(how));
        int steps = Math.Max(1, batch.Steps);
        return new(program, how.Workers, how.Groups, how.Members > 1 ? steps : Chunk(batch, how), Math.Max(1, how.ProjectedSteps));
    }

    /// <summary>Steps whose gate gradients should stay in half of a worker's second-level cache.</summary>
    int Chunk(BatchShape batch, WorkSharing how)
    {
        long steps = layer.Speeds.SecondLevel / 2 / (rowBytes * Math.Max(1, batch.Sequences / how.Groups));
        return (int)Math.Clamp(steps, 1, Math.Max(1, batch.Steps));
    }

    LayerProgram<E> Program(WorkSharing how) => new()
    {
        Pack = [new(layer.Pack, new(1, Math.Min(how.Workers, layer.MostPanels)))],
        Forward = [new(how.ProjectedSteps > 0 ? layer.ForwardProjected : layer.Forward, new(1, how.Workers), Resident: how.Members > 1)],
        // all meet once, before the parameters' gradients
        Backward = [new(layer.Backward, new(1, how.Workers), Resident: true)],
    };

    public override string Describe(BatchShape batch, bool training)
    {
        WorkSharing how = Choose(batch).How;
        string who = how.Members == 1 ? "workers own sequences and never wait"
            : how.Groups == 1 ? "workers own hidden units and meet each step"
            : $"{how.Groups} groups own sequences, {how.Members} workers of each hidden units";
        return $"{Strategy} ({who}), {layer.Words}, {how.Workers} workers"
            + (how.ProjectedSteps > 0 ? $", x projected {how.ProjectedSteps} steps at a time" : "")
            + (training ? $", dx every {Plan(batch, how).Chunk} steps" : "");
    }
}
