using GpuRnn.Backends.Cpu.Speeds;
using GpuRnn.Layers;

namespace GpuRnn.Backends.Cpu;

/// <summary>The register tiles of a layer.</summary>
/// <param name="Width">Units of a panel.</param>
/// <param name="Registers">Vectors of it.</param>
/// <param name="Rows">Rows of a full tile of four vectors.</param>
/// <param name="Cost">Of a vector of weights under a row, in FMAs on a vector.</param>
readonly record struct TileShape(int Width, int Registers, int Rows, double Cost = 1);

/// <summary>
/// The time that a way of sharing takes for a batch: of every register tile the larger of its FMAs and of its weights' way from the cache
/// that holds them, then the equations, what members of a group read of each other, meetings and launches. In FMAs on a vector.
/// </summary>
/// <param name="shape">The layer.</param>
/// <param name="tile">Its register tiles.</param>
/// <param name="bytes">Of a number.</param>
/// <param name="weightBytes">Of a packed weight.</param>
/// <param name="speeds">The machine.</param>
sealed class CostModel(LayerShape shape, TileShape tile, int bytes, int weightBytes, CpuSpeeds speeds)
{
    /// <summary>
    /// FMAs' time that loads, stores and addresses of a unit's equations take, and each slot: an exponential and a quotient.
    /// </summary>
    const double EquationCost = 15, SlotCost = 16;

    /// <summary>FMAs' time in which a vector of sums goes to memory and comes back.</summary>
    const double SumCost = 12;

    /// <summary>FMAs' time in which a vector of a row becomes bytes: its largest number, and all again.</summary>
    const double RoundingCost = 8;

    /// <summary>What a cache keeps beside what streams through it.</summary>
    const double Kept = 0.8;

    /// <summary>The time of a pass.</summary>
    public double Time(WorkSharing how, BatchShape batch)
    {
        if (batch.Sequences == 0 || batch.Steps == 0) return 0;
        int rows = (batch.Sequences + how.Groups - 1) / how.Groups;
        double step = 0, launches = batch.Training ? 2 : 1;
        foreach (StageShape stage in shape.Stages)
            step += Forward(stage, rows, how) + (batch.Training ? Backward(stage, rows, how) : 0);
        return step * batch.Steps + launches * (how.Workers > 1 ? speeds.Call : 0);
    }

    int Panels(StageShape stage, WorkSharing how) => (PanelSizes.Panels(stage.Units, tile.Width) + how.Members - 1) / how.Members;

    double Forward(StageShape stage, int rows, WorkSharing how)
    {
        StageNumbers n = stage.Numbers;
        int panels = Panels(stage, how), most = Math.Clamp(4 * tile.Rows / (n.Slots * tile.Registers), 1, 6);
        double inputs = n.InputSlots * shape.InputColumns, hidden = n.HiddenSlots * stage.Operands;
        double weights = WeightBytes(how), time;
        if (how.ProjectedSteps > 0 && inputs > 0)
            time = Product(rows * how.ProjectedSteps, panels, inputs, weights, most, how) / how.ProjectedSteps
                + Product(rows, panels, hidden, weights - inputs * panels * tile.Width * weightBytes, most, how)
                + rows * panels * tile.Registers * n.InputSlots * SumCost;
        else time = Product(rows, panels, inputs + hidden, weights, most, how);
        // where weights are bytes every member rounds whole rows of x and h
        if (tile.Cost < 1)
            time += rows * ((inputs > 0 ? shape.InputColumns : 0) + stage.Operands) * RoundingCost * tile.Registers / tile.Width;
        time += rows * panels * tile.Registers * (EquationCost + SlotCost * n.Slots);
        return time + Exchange(rows * stage.Operands, how);
    }

    /// <summary>dh, dx and the equations; dW is the same for all who are as many.</summary>
    double Backward(StageShape stage, int rows, WorkSharing how)
    {
        StageNumbers n = stage.Numbers;
        int panels = Panels(stage, how);
        double inputs = n.InputSlots * shape.InputColumns, hidden = n.HiddenSlots * stage.Operands;
        double time = Product(rows, panels, hidden, WeightBytes(how), tile.Rows, how)
            + rows * panels * tile.Registers * inputs // dx takes many rows at a time
            + rows * panels * tile.Registers * (inputs + hidden) // and so does dW
            + rows * panels * tile.Registers * (2 * EquationCost + SlotCost * n.Slots);
        // gate gradients of all units, for dh and again for dx
        return time + Exchange(2.0 * rows * stage.Units * n.Slots, how);
    }

    /// <summary>Bytes of weights that a worker reads in a step.</summary>
    double WeightBytes(WorkSharing how) => shape.Stages.Sum(s => (double)Panels(s, how) * tile.Width * weightBytes
        * (s.Numbers.InputSlots * shape.InputColumns + s.Numbers.HiddenSlots * s.Operands));

    /// <summary>
    /// Rows times panels of weights of so many vectors each: panel by panel, tile by tile. A panel's first tile has the weights from where
    /// they live, those behind it from where the panel then is.
    /// </summary>
    double Product(int rows, int panels, double vectors, double all, int most, WorkSharing how)
    {
        int tiles = (rows + most - 1) / most;
        double fmas = vectors * tile.Registers * tile.Cost * rows / tiles * RowCost((double)rows / tiles);
        double panel = vectors * tile.Width * weightBytes;
        double first = Math.Max(fmas, panel * ByteTime(all, how)), next = Math.Max(fmas, panel * ByteTime(panel, how));
        return panels * (first + (tiles - 1) * next);
    }

    double RowCost(double rows) => speeds.RowCosts[Math.Clamp((int)rows, 1, speeds.RowCosts.Count) - 1];

    /// <summary>
    /// The time of a byte of a worker that goes through so many again and again. What a level keeps of more than it holds, the next ones
    /// need not give: caches are not so bound to the order of use that nothing would be left.
    /// </summary>
    double ByteTime(double size, WorkSharing how)
    {
        if (size <= Kept * speeds.FirstLevel) return 0; // row costs have it
        double second = Math.Min(1, Kept * speeds.SecondLevel / size), last = Math.Min(1, Kept * speeds.LastLevel / (size * how.Members));
        return second / speeds.SecondBandwidth + (1 - second) * (last / speeds.LastBandwidth + (1 - last) / speeds.MemoryBandwidth);
    }

    /// <summary>What the members of a group read of each other after a stage, and that they meet.</summary>
    double Exchange(double elements, WorkSharing how) => how.Members == 1 ? 0
        : speeds.Meeting * Math.Log2(how.Members) + elements * bytes * (how.Members - 1) / how.Members / speeds.ExchangeBandwidth;
}
