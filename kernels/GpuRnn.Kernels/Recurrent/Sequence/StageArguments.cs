namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// A stage of a step: its sizes, its packed weights and what it saves. N: its units; K: elements of its operand, which is h of the step
/// before or what the stage before made; S: slots; X, G: slots that the input and the hidden product fill. A panel is W units, W the
/// tile's width; the last is padded.
/// </summary>
/// <remarks>Weights and gates are bytes here: how their numbers are stored, tiles know (<see cref="IStored{TSelf, E}"/>).</remarks>
/// <typeparam name="E">float or double.</typeparam>
struct StageArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>N: units of the stage: hidden units, or elements of h behind a projection.</summary>
    public int Units;
    /// <summary>K: elements of a row that the hidden product reads.</summary>
    public int Operands;
    /// <summary>Panels: N / W, rounded up.</summary>
    public int Panels;
    /// <summary>1 if the slots are to be kept in inference too, for the next stage reads them.</summary>
    public int Keep;

    /// <summary>[panel][I][X * W]: W_ih as the forward pass reads it.</summary>
    public Buffer<byte> Input;
    /// <summary>[panel][K][G * W]: W_hh as the forward pass reads it.</summary>
    public Buffer<byte> Hidden;
    /// <summary>[panel][S * W]: sums of the biases.</summary>
    public Buffer<E> Bias;
    /// <summary>[panel][P * W]: parameters of units.</summary>
    public Buffer<E> Unit;
    /// <summary>[block of 4W columns][panel][X * W][columns]: W_ih as dx reads it.</summary>
    public Buffer<byte> InputBack;
    /// <summary>[block of 4W columns][panel][G * W][columns]: W_hh as the backward pass reads it.</summary>
    public Buffer<byte> HiddenBack;

    /// <summary>[panel][gate row][S * W]: pre-activations, then what forward saved, then their gradients.</summary>
    public Buffer<byte> Gates;
    /// <summary>The same of pre-activations that were made beforehand, as numbers: the same memory where gates are kept so.</summary>
    public Buffer<E> Sums;
    /// <summary>Gates of the stage before.</summary>
    public Buffer<byte> Before;
    /// <summary>[gate row, R]: statistics of rows.</summary>
    public Buffer<E> Statistics;
    /// <summary>[gate row, K]: what the stage before made; of the first stage empty, for it reads h.</summary>
    public Buffer<E> Operand;
    /// <summary>[gate row, N]: what this stage makes for the next one; of the last stage empty, for it makes h.</summary>
    public Buffer<E> Made;
    /// <summary>[B, K] and [B, N]: gradients of these.</summary>
    public Buffer<E> DOperand, DMade;
    /// <summary>
    /// Gradients of Input, Hidden, Bias and Unit, in their layouts; where slices of gate rows have sums of their own, those of each slice,
    /// [slice][panel][X * W][I] and so on, but for Unit.
    /// </summary>
    public Buffer<E> DInput, DHidden, DBias, DUnit;

    /// <summary>Parameters in the layout of frameworks.</summary>
    public ParameterViews<E> Parameters;
    /// <summary>Their gradients.</summary>
    public ParameterViews<E> Gradients;

    /// <summary>All of it, field by field.</summary>
    public readonly void List<TList>(ref TList to) where TList : struct, IArgumentList
    {
        to.Add(Units);
        to.Add(Operands);
        to.Add(Panels);
        to.Add(Keep);
        to.Add(in Input);
        to.Add(in Hidden);
        to.Add(in Bias);
        to.Add(in Unit);
        to.Add(in InputBack);
        to.Add(in HiddenBack);
        to.Add(in Gates);
        to.Add(in Sums);
        to.Add(in Before);
        to.Add(in Statistics);
        to.Add(in Operand);
        to.Add(in Made);
        to.Add(in DOperand);
        to.Add(in DMade);
        to.Add(in DInput);
        to.Add(in DHidden);
        to.Add(in DBias);
        to.Add(in DUnit);
        Parameters.List(ref to);
        Gradients.List(ref to);
    }
}

/// <summary>Parameters of a stage as frameworks store them.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct ParameterViews<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>[gates * N, I].</summary>
    public Buffer<E> InputWeights;
    /// <summary>[gates * N, K].</summary>
    public Buffer<E> HiddenWeights;
    /// <summary>[gates * N]; empty without biases.</summary>
    public Buffer<E> InputBias;
    /// <summary>[gates * N]; empty without biases and for cells with one bias.</summary>
    public Buffer<E> HiddenBias;
    /// <summary>[P * N]; empty for stages without parameters of units.</summary>
    public Buffer<E> Unit;

    /// <summary>All of it, field by field.</summary>
    public readonly void List<TList>(ref TList to) where TList : struct, IArgumentList
    {
        to.Add(in InputWeights);
        to.Add(in HiddenWeights);
        to.Add(in InputBias);
        to.Add(in HiddenBias);
        to.Add(in Unit);
    }
}
