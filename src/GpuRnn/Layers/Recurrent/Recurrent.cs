using GpuRnn.Backends;
using GpuRnn.Data;
using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using Microsoft.Extensions.Logging;

namespace GpuRnn.Layers;

/// <summary>
/// A recurrent network: layers of one cell, in one direction or two. It holds the weights; a <see cref="Pass{E}"/> runs sequences through
/// them.
/// </summary>
/// <remarks>
/// Parameters have PyTorch's names and layouts: weight_ih_l0 [gates * H, I], weight_hh_l0 [gates * H, R], bias_ih_l0 and bias_hh_l0
/// [gates * H], suffix _reverse, R the size of h (H unless the cell projects); cells that PyTorch lacks have one bias_l0. A model -
/// parameters, networks, passes, optimizers, stores - may be used by several threads, but by one at a time: a second one is refused with
/// an <see cref="InvalidOperationException"/>.
/// </remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Recurrent<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly bool ownsParameters;
    readonly RecurrentLayer<E>[][] layers;

    /// <summary>A network with parameters of its own.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="cell">Its cell.</param>
    /// <param name="inputSize">I: elements of x at a step; for indices, how many there are.</param>
    /// <param name="hiddenSize">H: hidden units a layer and direction.</param>
    /// <param name="options">Layers, directions, biases, kind of input.</param>
    /// <exception cref="BadArgumentException">A size is below 1.</exception>
    public Recurrent(Device device, Cell cell, int inputSize, int hiddenSize, RecurrentOptions? options = null)
        : this(new Parameters<E>(device), cell, inputSize, hiddenSize, options) => ownsParameters = true;

    /// <summary>A network that is a part of a model: its parameters stand among the model's.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="cell">Its cell.</param>
    /// <param name="inputSize">I: elements of x at a step; for indices, how many there are.</param>
    /// <param name="hiddenSize">H: hidden units a layer and direction.</param>
    /// <param name="options">Layers, directions, biases, kind of input.</param>
    /// <exception cref="BadArgumentException">A size is below 1.</exception>
    public Recurrent(Parameters<E> parameters, Cell cell, int inputSize, int hiddenSize, RecurrentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(cell);
        Options = options ?? new();
        Limits.Known(Options.Directions, "The directions of a network");
        if (inputSize < 1 || hiddenSize < 1 || Options.Layers < 1)
            throw new BadArgumentException(
                $"A network of input size {inputSize}, hidden size {hiddenSize} and {Options.Layers} layers cannot be: "
                + $"each is at least 1.");
        if (cell.Projects ? Options.ProjectionSize < 1 || Options.ProjectionSize > hiddenSize : Options.ProjectionSize != 0)
            throw new BadArgumentException(cell.Projects
                ? $"The cell {cell} projects {hiddenSize} hidden units to RecurrentOptions.ProjectionSize elements of h, "
                    + $"which is {Options.ProjectionSize}; it is from 1 to {hiddenSize}."
                : $"RecurrentOptions.ProjectionSize is {Options.ProjectionSize}, and the cell {cell} does not project: leave it 0.");
        if ((double)hiddenSize * hiddenSize * Options.Layers > int.MaxValue)
            throw new BadArgumentException(
                $"A network of {Options.Layers} layers of {hiddenSize} hidden units has more than 2^31 weights. Make it smaller.");
        (Parameters, Cell, InputSize, HiddenSize) = (parameters, cell, inputSize, hiddenSize);
        Guard = new(this, parameters.Usage, parameters.Guard);
        using Guard.Scope scope = Guard.Enter();
        using Draft draft = parameters.Begin();
        layers = new RecurrentLayer<E>[Options.Layers][];
        for (int l = 0; l < Options.Layers; l++)
        {
            int size = l == 0 ? inputSize : OutputSize;
            RecurrentLayer<E> Direction(bool reverse, string suffix) =>
                new(parameters, LayerShape.Of(cell, size, hiddenSize, SizeOfH, Options.IndexInput && l == 0), reverse, Options,
                    $"l{l}{suffix}");
            layers[l] = DirectionCount == 2 ? [Direction(false, ""), Direction(true, "_reverse")]
                : [Direction(Options.Directions == Directions.Reverse, "")];
        }
        (FirstPlace, Number) = (parameters.TakePlaces(Options.Layers), parameters.TakeNumber());
        parameters.Describe($"{Options.Prefix}{cell} {Options.Directions}");
        draft.Keep();
    }

    /// <summary>Its parameters, or those of the model that it is a part of.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>Its cell.</summary>
    public Cell Cell { get; }
    /// <summary>I.</summary>
    public int InputSize { get; }
    /// <summary>H.</summary>
    public int HiddenSize { get; }
    /// <summary>Layers, directions, biases, kind of input.</summary>
    public RecurrentOptions Options { get; }
    /// <summary>Where it runs.</summary>
    public Device Device => Parameters.Device;
    /// <summary>1 or 2.</summary>
    public int DirectionCount => Options.Directions is Directions.Concatenated or Directions.Summed ? 2 : 1;
    /// <summary>Elements of h, a layer and direction: H, or the size that the cell projects to.</summary>
    public int SizeOfH => Options.ProjectionSize > 0 ? Options.ProjectionSize : HiddenSize;
    /// <summary>Elements of c, a layer and direction: H; 0 for cells that have none.</summary>
    public int SizeOfC => HasC ? HiddenSize : 0;
    /// <summary>Elements of y at a step: those of h, of two directions side by side twice as many.</summary>
    public int OutputSize => Options.Directions == Directions.Concatenated ? 2 * SizeOfH : SizeOfH;
    /// <summary>Has the cell a state c beside h?</summary>
    public bool HasC => layers[0][0].Shape.HasC;

    internal Guard Guard { get; }
    internal RecurrentLayer<E>[][] Layers => layers;
    /// <summary>The place of the first layer's dropout in the model; the layers above have those that follow.</summary>
    internal int FirstPlace { get; }
    /// <summary>Which of the model's recurrent networks it is.</summary>
    internal int Number { get; }

    /// <summary>Fills all parameters with uniform numbers from [-1 / sqrt(H), 1 / sqrt(H)), as PyTorch does.</summary>
    /// <param name="seed">The same seed, the same numbers, on every device.</param>
    /// <param name="memory">
    /// How many steps the longest dependency spans, if that is known: gates that keep and write the state get biases of +-log(u), u
    /// uniform in [1, memory), so that units remember over all spans up to it before anything is learned (Tallec and Ollivier 2018, "Can
    /// recurrent neural networks warp time?"). 0 for PyTorch's way.
    /// </param>
    public void Initialize(int seed, int memory = 0)
    {
        using Guard.Scope scope = Guard.Enter();
        Limits.AtLeast(memory, 0, "The memory, in steps,");
        foreach ((CellTensor tensor, Parameter p) in Tensors)
            if (tensor.Start is double start) Initializer.Constant(Parameters, p, start);
            else Initializer.Uniform(Parameters, p, 1 / Math.Sqrt(HiddenSize), seed);
        if (memory <= 2 || Cell.KeepGate is not int keep || !Options.Bias) return;
        foreach ((CellTensor tensor, Parameter p) in Tensors)
        {
            if (tensor.Role != TensorRole.InputBias) continue;
            SplitMix random = new((ulong)seed * 7_368_787 + (ulong)p.Offset);
            E[] bias = Parameters.Get(p.Name);
            for (int unit = 0; unit < HiddenSize; unit++)
            {
                double log = Math.Log(1 + random.Uniform() * (memory - 2));
                Shift(keep, log);
                if (Cell.WriteGate is int write) Shift(write, -log);

                void Shift(int gate, double by) =>
                    bias[gate * HiddenSize + unit] = Element.Of<E>(Element.ToDouble(bias[gate * HiddenSize + unit]) + by);
            }
            Parameters.Set(p.Name, bias);
        }
    }

    IEnumerable<(CellTensor Tensor, Parameter Parameter)> Tensors => layers.SelectMany(l => l).SelectMany(l => l.Tensors);

    /// <summary>Plans passes over batches of up to `steps` steps and `sequences` sequences: all memory is made here.</summary>
    /// <param name="steps">T, at most.</param>
    /// <param name="sequences">B, at most.</param>
    /// <param name="options">What the pass is for.</param>
    /// <exception cref="BadArgumentException">A size is below 1, or the device has too little memory.</exception>
    public Pass<E> Plan(int steps, int sequences, PassOptions? options = null)
    {
        using Guard.Scope scope = Guard.Enter();
        Pass<E> pass = new(this, steps, sequences, options ?? new());
        if (Device.Logger.IsEnabled(LogLevel.Debug))
            foreach (string line in pass.Explain()) Device.Logger.Planned(line);
        return pass;
    }

    /// <summary>Frees the packed weights, and the parameters if they are its own. Passes are disposed by whoever planned them.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => Guard.Close(() =>
    {
        foreach (RecurrentLayer<E> layer in layers.SelectMany(l => l)) layer.Dispose();
        if (ownsParameters) Parameters.Dispose();
    });
}
