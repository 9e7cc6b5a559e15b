using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>
/// A stage of a step as tiles see it: a product, a statistic over each row where it asks for one, and the equations that follow. A step is
/// a list of stages: the first reads h of the step before, each other one what the stage before made; the last makes h. Cells are taken
/// apart into these (Stages/).
/// </summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="S">Its slots.</typeparam>
/// <typeparam name="B">Slots of the stage before, if its equations read them.</typeparam>
/// <typeparam name="P">Parameters of a unit.</typeparam>
/// <typeparam name="R">Statistics of a row.</typeparam>
interface IEquations<L, S, B, P, R> : IStage
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where B : struct, ISlots<B, L>
    where P : struct, ISlots<P, L>
    where R : struct, ISlots<R, L>
{
    /// <summary>Do the equations read the slots of the stage before?</summary>
    static virtual bool ReadsBefore => false;
    /// <summary>Do the equations read h of the step before, and carry its gradient?</summary>
    static virtual bool CarriesH => false;
    /// <summary>Is this the stage that makes c?</summary>
    static virtual bool HasC => false;
    /// <summary>Rounds of sums over a row between product and equations.</summary>
    static virtual int Rounds => 0;

    /// <summary>The equations.</summary>
    /// <param name="slots">Pre-activations in; out, what the backward pass needs.</param>
    /// <param name="before">What the stage before left.</param>
    /// <param name="unit">The unit's parameters.</param>
    /// <param name="row">The row's statistics.</param>
    /// <param name="state">h and c of step t - 1 in; out, as H what the stage makes - the operand of the next one, or h of step t -, and c
    /// of step t.</param>
    static abstract void Forward(ref S slots, ref B before, P unit, R row, ref State<L> state);

    /// <summary>Their gradient.</summary>
    /// <param name="slots">What <see cref="Forward"/> left in; gradients of the pre-activations out.</param>
    /// <param name="before">What the stage before left in; its gradients out, without what comes through this stage's product.</param>
    /// <param name="unit">The unit's parameters.</param>
    /// <param name="row">The row's statistics.</param>
    /// <param name="grad">Of what the stage made, as H, and of c of step t in; out, what the equations add to that of h of step t - 1, and
    /// that of c of step t - 1.</param>
    /// <param name="previous">h and c of step t - 1.</param>
    /// <param name="now">h and c of step t; h for the last stage only.</param>
    static abstract void Backward(ref S slots, ref B before, P unit, R row, ref State<L> grad, State<L> previous, State<L> now);

    /// <summary>What a row adds to the gradient of the unit's parameters.</summary>
    static virtual P UnitGradient(S slots, State<L> previous, State<L> now) => default;
    /// <summary>What a unit adds to the sums of a round.</summary>
    static virtual R Term(int round, S slots, R row) => default;
    /// <summary>From the sums of a round to the statistics known behind it.</summary>
    static virtual R Settle(int round, R sums, L units, R row) => default;
    /// <summary>What a unit adds to the sums that the gradient of the statistics needs.</summary>
    static virtual R GradientTerm(S slots, P unit, R row) => default;
    /// <summary>The gradient of the statistics.</summary>
    static virtual void Through(ref S slots, P unit, R row, R sums, L units) { }
}
