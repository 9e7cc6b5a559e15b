namespace GpuRnn.Kernels.Cells;

/// <summary>
/// How the products of a stage fill its slots. A slot is one value a hidden unit: a pre-activation, then what the backward
/// pass needs, then the gradient of the pre-activation. Gates are the matrices stacked in W_ih and W_hh.
/// </summary>
/// <remarks>
/// The input product fills slots [<see cref="InputFirst"/>, InputFirst + <see cref="InputCount"/>), the hidden product slots
/// [<see cref="HiddenFirst"/>, HiddenFirst + <see cref="HiddenCount"/>). They overlap where both feed one gate. Slots that no product
/// fills are the equations' own, to keep what the backward pass needs.
/// </remarks>
public interface IStage
{
    /// <summary>First slot that the input product fills.</summary>
    static virtual int InputFirst => 0;
    /// <summary>Slots that the input product fills.</summary>
    static abstract int InputCount { get; }
    /// <summary>First slot that the hidden product fills.</summary>
    static virtual int HiddenFirst => 0;
    /// <summary>Slots that the hidden product fills.</summary>
    static abstract int HiddenCount { get; }
    /// <summary>Which of the gates stacked in W_ih (and b_ih) feeds a slot.</summary>
    static virtual int InputGate(int slot) => slot;
    /// <summary>Which of the gates stacked in W_hh (and b_hh) feeds a slot.</summary>
    static virtual int HiddenGate(int slot) => slot;
}
