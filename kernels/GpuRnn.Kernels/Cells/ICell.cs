using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>What a hidden unit carries from step to step, or the gradient of it. A cell without a cell state leaves C alone.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct State<L> where L : struct, ILane<L>
{
    /// <summary>The hidden state h.</summary>
    public L H;
    /// <summary>The cell state c.</summary>
    public L C;
}

/// <summary>
/// What every cell tells about itself. Its tensors are the one thing that it must tell; the rest has the answer of most cells.
/// </summary>
public interface ICell
{
    /// <summary>
    /// The cell's parameters: see <see cref="CellTensor.OfGates"/> for those that nearly all cells have. Those of single units come last.
    /// </summary>
    static abstract IReadOnlyList<CellTensor> Tensors { get; }

    /// <summary>Has the cell a state c beside h?</summary>
    static virtual bool HasC => false;

    /// <summary>
    /// Does h of the step before reach h by another way than the hidden product? If not, a step's equations do not get it (it may be 0 in
    /// them), for reading it costs memory traffic.
    /// </summary>
    static virtual bool CarriesH => false;
}

/// <summary>
/// A cell whose step is one gate product followed by equations: LSTM, GRU, RNN. It is its equations and nothing else: no loop, no layout,
/// no device.
/// </summary>
/// <typeparam name="L">The lane that the equations are evaluated on.</typeparam>
/// <typeparam name="S">The slots of a hidden unit.</typeparam>
public interface ICell<L, S> : ICell, IStage
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
{
    /// <summary>One step of a hidden unit.</summary>
    /// <param name="slots">Pre-activations in; out, what <see cref="Backward"/> needs.</param>
    /// <param name="state">h and c of step t - 1 in, of step t out.</param>
    static abstract void Forward(ref S slots, ref State<L> state);

    /// <summary>The gradient of one step.</summary>
    /// <param name="slots">What <see cref="Forward"/> left in; gradients of the pre-activations out.</param>
    /// <param name="grad">Of h and c of step t in; of step t - 1 out, without the part that the hidden product adds.</param>
    /// <param name="previous">h and c of step t - 1.</param>
    /// <param name="now">h and c of step t.</param>
    static abstract void Backward(ref S slots, ref State<L> grad, State<L> previous, State<L> now);
}

/// <summary>
/// A cell of one stage with parameters of single units in its equations: peepholes, say. They are the cell's tensors of
/// <see cref="CellTensor.OfUnits"/>, in their order.
/// </summary>
/// <typeparam name="L">The lane that the equations are evaluated on.</typeparam>
/// <typeparam name="S">The slots of a hidden unit.</typeparam>
/// <typeparam name="P">The parameters of a hidden unit.</typeparam>
public interface ICell<L, S, P> : ICell, IStage
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where P : struct, ISlots<P, L>
{
    /// <summary>As <see cref="ICell{L, S}.Forward"/>, with the unit's parameters.</summary>
    static abstract void Forward(ref S slots, P unit, ref State<L> state);

    /// <summary>As <see cref="ICell{L, S}.Backward"/>, with the unit's parameters.</summary>
    static abstract void Backward(ref S slots, P unit, ref State<L> grad, State<L> previous, State<L> now);

    /// <summary>What a step adds to the gradient of the unit's parameters.</summary>
    /// <param name="slots">What <see cref="Backward"/> left.</param>
    /// <param name="previous">h and c of step t - 1.</param>
    /// <param name="now">h and c of step t.</param>
    static abstract P UnitGradient(S slots, State<L> previous, State<L> now);
}

/// <summary>
/// A cell with a second product inside its step: the first stage's gates make a vector q of all hidden units (r * h, say), and
/// the second stage's pre-activations are W_ih x + W_hh q + b for gates of their own.
/// </summary>
/// <typeparam name="L">The lane that the equations are evaluated on.</typeparam>
/// <typeparam name="S1">Slots of the first stage.</typeparam>
/// <typeparam name="S2">Slots of the second stage.</typeparam>
/// <typeparam name="G1">How the first product fills its slots.</typeparam>
/// <typeparam name="G2">How the second product fills its slots; its gates are stacked in the same W_ih and W_hh.</typeparam>
public interface ITwoStageCell<L, S1, S2, G1, G2> : ICell
    where L : struct, ILane<L>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
{
    /// <summary>The first stage: from its pre-activations and h of step t - 1, the value q that enters the second product.</summary>
    static abstract L Inner(ref S1 first, State<L> previous);

    /// <summary>The rest of the step.</summary>
    /// <param name="first">What <see cref="Inner"/> left.</param>
    /// <param name="second">Pre-activations of the second stage in; out, what the backward pass needs.</param>
    /// <param name="state">h and c of step t - 1 in, of step t out.</param>
    static abstract void Forward(ref S1 first, ref S2 second, ref State<L> state);

    /// <summary>The gradient of <see cref="Forward"/>.</summary>
    /// <param name="first">What the first stage saved in; its gradients out, except what comes through q.</param>
    /// <param name="second">What <see cref="Forward"/> left in; gradients of the second stage's pre-activations out.</param>
    /// <param name="grad">Of h and c of step t in; of step t - 1 out, without what products and q add.</param>
    /// <param name="previous">h and c of step t - 1.</param>
    /// <param name="now">h and c of step t.</param>
    static abstract void Backward(ref S1 first, ref S2 second, ref State<L> grad, State<L> previous, State<L> now);

    /// <summary>The gradient of <see cref="Inner"/>.</summary>
    /// <param name="first">What <see cref="Backward"/> left in; gradients of the first stage's pre-activations out.</param>
    /// <param name="dq">The gradient of q.</param>
    /// <param name="previous">h and c of step t - 1.</param>
    /// <returns>What q adds to the gradient of h of step t - 1.</returns>
    static abstract L InnerBackward(ref S1 first, L dq, State<L> previous);
}

/// <summary>
/// A cell whose pre-activations, before its equations, meet a statistic over all hidden units of a sequence at a step: layer
/// normalisation, say (Ba, Kiros and Hinton 2016). Statistics are sums over units, taken in rounds; later rounds know what earlier ones
/// found.
/// </summary>
/// <typeparam name="L">The lane that the equations are evaluated on.</typeparam>
/// <typeparam name="S">The slots of a hidden unit.</typeparam>
/// <typeparam name="P">The parameters of a hidden unit.</typeparam>
/// <typeparam name="R">The statistics of a row, the same numbers in every unit's lane.</typeparam>
public interface INormalizedCell<L, S, P, R> : ICell, IStage
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where P : struct, ISlots<P, L>
    where R : struct, ISlots<R, L>
{
    /// <summary>How often units are summed over.</summary>
    static abstract int Rounds { get; }

    /// <summary>What a unit adds to the sums of a round.</summary>
    /// <param name="round">From 0.</param>
    /// <param name="slots">The unit's pre-activations.</param>
    /// <param name="row">What the rounds before found.</param>
    static abstract R Term(int round, S slots, R row);

    /// <summary>From the sums of a round to what it found, beside what the rounds before found.</summary>
    /// <param name="round">From 0.</param>
    /// <param name="sums">Sums of <see cref="Term"/> over all units.</param>
    /// <param name="units">How many units there are.</param>
    /// <param name="row">What the rounds before found.</param>
    static abstract R Settle(int round, R sums, L units, R row);

    /// <summary>As <see cref="ICell{L, S, P}.Forward"/>, with the statistics of the row.</summary>
    static abstract void Forward(ref S slots, P unit, R row, ref State<L> state);

    /// <summary>The gradient of the equations; what goes through the statistics follows in <see cref="Through"/>.</summary>
    static abstract void Backward(ref S slots, P unit, R row, ref State<L> grad, State<L> previous, State<L> now);

    /// <summary>What a unit adds to the sums that <see cref="Through"/> needs.</summary>
    /// <param name="slots">What <see cref="Backward"/> left.</param>
    /// <param name="unit">The unit's parameters.</param>
    /// <param name="row">The statistics.</param>
    static abstract R GradientTerm(S slots, P unit, R row);

    /// <summary>The gradient of the statistics: leaves those of the pre-activations.</summary>
    /// <param name="slots">What <see cref="Backward"/> left in; gradients of the pre-activations out.</param>
    /// <param name="unit">The unit's parameters.</param>
    /// <param name="row">The statistics.</param>
    /// <param name="sums">Sums of <see cref="GradientTerm"/> over all units.</param>
    /// <param name="units">How many units there are.</param>
    static abstract void Through(ref S slots, P unit, R row, R sums, L units);

    /// <summary>What a step adds to the gradient of the unit's parameters.</summary>
    /// <param name="slots">What <see cref="Through"/> left.</param>
    /// <param name="previous">h and c of step t - 1.</param>
    /// <param name="now">h and c of step t.</param>
    static abstract P UnitGradient(S slots, State<L> previous, State<L> now);
}

/// <summary>
/// A cell whose h is a projection of another cell's: h = W_hr h', of any size (Sak, Senior and Beaufays 2014). The other cell must not
/// carry h but through its hidden product, for h' and h have different sizes.
/// </summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TCell">The other cell.</typeparam>
public interface IProjectedCell<L, TCell> : ICell
    where L : struct, ILane<L>
    where TCell : struct, ICell
{
    static IReadOnlyList<CellTensor> ICell.Tensors => CellTensor.Projected(TCell.Tensors);
}
