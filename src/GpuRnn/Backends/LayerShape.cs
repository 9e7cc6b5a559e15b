using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Layers;

namespace GpuRnn.Backends;

/// <summary>A layer in one direction, as ways of running see it.</summary>
/// <param name="Cell">Its cell.</param>
/// <param name="Inputs">I: elements of x; for indices, how many there are.</param>
/// <param name="Units">U: hidden units, the size of c.</param>
/// <param name="Outputs">R: elements of h and y.</param>
/// <param name="IndexInput">Is x indices?</param>
/// <param name="Stages">The stages of a step.</param>
sealed record LayerShape(Cell Cell, int Inputs, int Units, int Outputs, bool IndexInput, IReadOnlyList<StageShape> Stages)
{
    public static LayerShape Of(Cell cell, int inputs, int units, int outputs, bool indexInput)
    {
        IReadOnlyList<StageTypes> types = cell.Stages(typeof(ScalarSingle));
        StageShape[] stages = new StageShape[types.Count];
        for (int i = 0, operands = outputs; i < stages.Length; i++)
        {
            int size = i == stages.Length - 1 ? outputs : units;
            stages[i] = new(StageNumbers.Of(types[i]), size, operands, i + 1 < stages.Length && StageNumbers.Of(types[i + 1]).ReadsBefore);
            operands = size;
        }
        return new(cell, inputs, units, outputs, indexInput, stages);
    }

    /// <summary>Elements of x that a product reads; none of an index.</summary>
    public int InputColumns => IndexInput ? 0 : Inputs;

    /// <summary>Has the cell a state c beside h?</summary>
    public bool HasC => Stages.Any(s => s.Numbers.HasC);

    /// <summary>Slots of a unit, of all stages.</summary>
    public int Slots => Stages.Sum(s => s.Numbers.Slots);

    /// <summary>Elements of the matrices that are read each step.</summary>
    public long HiddenWeights => Stages.Sum(s => (long)s.Numbers.HiddenSlots * s.Units * s.Operands);

    /// <summary>Is something kept from a stage for the rest of its step, in inference too?</summary>
    public bool KeepsWithinStep => Stages.Count > 1 || Stages.Any(s => s.Numbers.Rounds > 0);
}

/// <summary>A stage of a layer's step.</summary>
/// <param name="Numbers">What its equations are.</param>
/// <param name="Units">N: hidden units, or elements of h behind a projection.</param>
/// <param name="Operands">K: elements of a row that its hidden product reads.</param>
/// <param name="IsReadAgain">Do the equations of the next stage read its slots?</param>
sealed record StageShape(StageNumbers Numbers, int Units, int Operands, bool IsReadAgain);

/// <summary>What the equations of a stage are, in numbers.</summary>
/// <param name="Slots">Values of a unit.</param>
/// <param name="InputSlots">Of these, filled by the input product.</param>
/// <param name="HiddenSlots">Filled by the hidden product.</param>
/// <param name="UnitParameters">Parameters of a unit.</param>
/// <param name="Statistics">Statistics of a row.</param>
/// <param name="Rounds">Rounds of sums over a row.</param>
/// <param name="ReadsBefore">Do they read the slots of the stage before?</param>
/// <param name="CarriesH">Do they read h of the step before?</param>
/// <param name="HasC">Do they make c?</param>
sealed record StageNumbers(
    int Slots, int InputSlots, int HiddenSlots, int UnitParameters, int Statistics, int Rounds, bool ReadsBefore, bool CarriesH, bool HasC)
{
    /// <summary>The numbers of a stage; its lane does not matter.</summary>
    public static StageNumbers Of(StageTypes stage)
    {
        Type lane = stage.Slots.GetGenericArguments()[0];
        return (StageNumbers)typeof(StageNumbers)
            .GetMethod(nameof(Count), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(lane, stage.Slots, stage.Before, stage.Unit, stage.Row, stage.Equations)
            .Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    static StageNumbers Count<L, S, B, P, R, TStage>()
        where L : struct, ILane<L>
        where S : struct, ISlots<S, L>
        where B : struct, ISlots<B, L>
        where P : struct, ISlots<P, L>
        where R : struct, ISlots<R, L>
        where TStage : struct, IEquations<L, S, B, P, R> =>
        new(S.Count, TStage.InputCount, TStage.HiddenCount, P.Count, R.Count, TStage.Rounds, TStage.ReadsBefore, TStage.CarriesH,
            TStage.HasC);
}
