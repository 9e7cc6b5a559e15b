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
/// How a step's gate product fills a cell's slots. A slot is one value a hidden unit: a pre-activation, then what the backward
/// pass needs, then the gradient of the pre-activation. Gates are the matrices stacked in W_ih and W_hh.
/// </summary>
/// <remarks>
/// The input product fills slots [<see cref="InputFirst"/>, InputFirst + <see cref="InputCount"/>), the hidden product slots
/// [<see cref="HiddenFirst"/>, HiddenFirst + <see cref="HiddenCount"/>). They overlap where both feed one gate.
/// </remarks>
public interface IStage
{
    /// <summary>First slot that the input product fills.</summary>
    static abstract int InputFirst { get; }
    /// <summary>Slots that the input product fills.</summary>
    static abstract int InputCount { get; }
    /// <summary>First slot that the hidden product fills.</summary>
    static abstract int HiddenFirst { get; }
    /// <summary>Slots that the hidden product fills.</summary>
    static abstract int HiddenCount { get; }
    /// <summary>Which of the gates stacked in W_ih (and b_ih) feeds a slot.</summary>
    static abstract int InputGate(int slot);
    /// <summary>Which of the gates stacked in W_hh (and b_hh) feeds a slot.</summary>
    static abstract int HiddenGate(int slot);
}

/// <summary>What every cell tells about itself.</summary>
public interface ICell
{
    /// <summary>Gates stacked in W_ih and in W_hh.</summary>
    static abstract int Gates { get; }
    /// <summary>Has the cell a state c beside h?</summary>
    static abstract bool HasC { get; }
    /// <summary>
    /// Does h of the step before reach h by another way than the hidden product? If not, a step's equations do not get it (it may be 0 in them), for
    /// reading it costs memory traffic.
    /// </summary>
    static abstract bool CarriesH { get; }
    /// <summary>Has it b_ih and b_hh (as PyTorch's cells), or b_ih alone?</summary>
    static abstract bool HasHiddenBias { get; }
}

/// <summary>
/// A cell whose step is one gate product followed by equations: LSTM, GRU, RNN. It is its equations and nothing else: no loop,
/// no layout, no device.
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
