using GpuRnn.Kernels.Dense;
using GpuRnn.Memory;

namespace GpuRnn.Layers;

/// <summary>What a dense layer's outputs go through.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    Identity,
    /// <summary>tanh.</summary>
    Tanh,
    /// <summary>max(0, y).</summary>
    Relu,
    /// <summary>1 / (1 + e^-y).</summary>
    Sigmoid,
}

/// <summary>A dense output layer y = g(W a + b) on a recurrent network's output: a part of a model.</summary>
/// <remarks>Parameters: PREFIXweight [V, K] and PREFIXbias [V].</remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Dense<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Parameter weight;
    readonly Parameter? bias;
    readonly DeviceArray<E> packed, packedBack;
    readonly Dictionary<Type, DenseKernels<E>> kernels = [];
    readonly bool owned;
    long packedVersion;

    /// <summary>Declares its parameters among a model's.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="inputSize">K.</param>
    /// <param name="outputSize">V.</param>
    /// <param name="activation">g. Softmax and binary cross-entropy take it as it is: leave it the identity for them.</param>
    /// <param name="bias">Is there a bias?</param>
    /// <param name="prefix">What stands before the names of parameters.</param>
    public Dense(
        Parameters<E> parameters, int inputSize, int outputSize,
        Activation activation = Activation.Identity, bool bias = true, string prefix = "decoder.")
        : this(parameters, inputSize, outputSize, null, bias, prefix, activation) { }

    /// <summary>
    /// A layer whose weights are an embedding's table (Press and Wolf 2017): it
    /// reads D numbers and gives V. Its gradient and the embedding's add up.
    /// </summary>
    /// <param name="tied">The embedding.</param>
    /// <param name="bias">Is there a bias?</param>
    /// <param name="prefix">What stands before the name of the bias.</param>
    public Dense(Embedding<E> tied, bool bias = true, string prefix = "decoder.")
        : this(Limits.Given(tied, nameof(tied)).Parameters, tied.Size, tied.Vocabulary, tied.Weight, bias, prefix, Activation.Identity) { }

    Dense(Parameters<E> parameters, int inputSize, int outputSize, Parameter? tied, bool bias, string prefix, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (inputSize < 1 || outputSize < 1)
            throw new BadArgumentException($"A dense layer from {inputSize} to {outputSize} cannot be: both are at least 1.");
        Limits.Known(activation, "The activation of a dense layer");
        (Parameters, InputSize, OutputSize, Activation, owned) = (parameters, inputSize, outputSize, activation, tied is null);
        Guard = new(this, parameters.Usage, parameters.Guard);
        using Guard.Scope scope = Guard.Enter();
        using Draft draft = parameters.Begin(Free);
        weight = tied ?? parameters.Declare(prefix + "weight", outputSize, inputSize);
        if (bias) this.bias = parameters.Declare(prefix + "bias", outputSize);
        parameters.Describe($"{prefix}dense {activation}");
        int width = KernelsFor(Loss.None).Width;
        packed = new(parameters.Device, (outputSize + width - 1) / width * width * (long)inputSize);
        packedBack = new(parameters.Device, (inputSize + width - 1) / width * width * (long)outputSize);
        draft.Keep();
    }

    /// <summary>The model's parameters.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>K.</summary>
    public int InputSize { get; }
    /// <summary>V.</summary>
    public int OutputSize { get; }
    /// <summary>g.</summary>
    public Activation Activation { get; }
    internal Guard Guard { get; }

    internal DenseKernels<E> KernelsFor(Loss loss)
    {
        if (!kernels.TryGetValue(loss.Definition, out DenseKernels<E>? found)) kernels[loss.Definition] = found = DenseKernels<E>.Of(
            Parameters.Device, Activation, loss);
        return found;
    }

    /// <summary>
    /// Fills the weights with uniform numbers from [-gain / sqrt(K), gain / sqrt(K)) and the bias with those of gain 1; an embedding's
    /// table is left to it.
    /// </summary>
    /// <param name="seed">The same seed, the same numbers.</param>
    /// <param name="gain">1 as PyTorch's Linear; sqrt(6) in front of rectifiers, which then neither shrink nor grow what they pass on
    /// (He et al. 2015).</param>
    public void Initialize(int seed, double gain = 1)
    {
        using Guard.Scope scope = Guard.Enter();
        Limits.NotNegative(gain, "The gain of first weights");
        if (owned) Initializer.Uniform(Parameters, weight, gain / Math.Sqrt(InputSize), seed);
        if (bias is not null) Initializer.Uniform(Parameters, bias, 1 / Math.Sqrt(InputSize), seed);
    }

    /// <summary>Plans the layer as a model's last, behind a source of rows.</summary>
    /// <param name="source">Whose rows it reads.</param>
    /// <param name="loss">The loss; null for none.</param>
    /// <param name="lastOnly">Does it read each sequence's last step only (many-to-one), or every step?</param>
    public DensePass<E> Plan(Source<E> source, Loss? loss = null, bool lastOnly = false)
    {
        using Guard.Scope scope = Guard.Enter();
        Check(source);
        loss ??= Loss.None;
        if (KernelsFor(loss).TakesLogits && Activation != Activation.Identity)
            throw new BadArgumentException(
                $"{loss} has its own activation: make the dense layer with Activation.Identity, not {Activation}.");
        return new(this, source, loss, lastOnly);
    }

    /// <summary>Plans the layer in the middle of a model: a source of rows for others.</summary>
    /// <param name="source">Whose rows it reads.</param>
    public HiddenLayerPass<E> PlanHidden(Source<E> source)
    {
        using Guard.Scope scope = Guard.Enter();
        Check(source);
        return new(this, source);
    }

    void Check(Source<E> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Guard.ThrowIfDisposed();
        if (source.Device != Parameters.Device) throw new BadArgumentException("The dense layer and its source are on different devices.");
        if (source.OutputSize != InputSize)
            throw new BadArgumentException($"The dense layer reads {InputSize} numbers a step; the network gives {source.OutputSize}.");
    }

    /// <summary>The views of the weights, packed anew if they have changed.</summary>
    internal void Fill(ref OutputArguments<E> a, bool gradients)
    {
        Device device = Parameters.Device;
        (a.K, a.V) = (InputSize, OutputSize);
        (a.Weights, a.Bias) = (device.Buffer(Parameters.ValueOf(weight)), bias is null ? default : device.Buffer(Parameters.ValueOf(bias)));
        (a.Packed, a.PackedBack) = (packed.Buffer, packedBack.Buffer);
        if (gradients)
            (a.DWeights, a.DBias) =
                (device.Buffer(Parameters.GradientOf(weight)), bias is null ? default : device.Buffer(Parameters.GradientOf(bias)));
        if (packedVersion == Parameters.Version) return;
        KernelsFor(Loss.None).Pack(device.Backend.Workers(device.Workers), a);
        packedVersion = Parameters.Version;
    }

    /// <summary>Frees the packed weights.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => Guard.Close(Free);

    void Free()
    {
        packed?.Dispose();
        packedBack?.Dispose();
    }
}
