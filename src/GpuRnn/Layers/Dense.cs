using GpuRnn.Kernels.Output;
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

/// <summary>A loss on a dense layer's outputs.</summary>
public enum Loss
{
    /// <summary>None: outputs are wanted.</summary>
    None,
    /// <summary>-log softmax(y)[class].</summary>
    SoftmaxCrossEntropy,
    /// <summary>Binary cross-entropy of sigmoid(y), summed over outputs.</summary>
    BinaryCrossEntropy,
    /// <summary>(y - t)^2, averaged over outputs.</summary>
    MeanSquaredError,
}

/// <summary>A dense output layer y = g(W a + b) on a recurrent network's output: a part of a model.</summary>
/// <remarks>Parameters: PREFIXweight [V, K] and PREFIXbias [V].</remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Dense<E> : IDisposable where E : unmanaged
{
    readonly Parameter weight;
    readonly Parameter? bias;
    readonly DeviceArray<E> packed, packedBack;
    readonly Dictionary<Loss, DenseKernels<E>> kernels = [];
    long packedVersion;
    bool disposed;

    /// <summary>Declares its parameters among a model's.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="inputSize">K.</param>
    /// <param name="outputSize">V.</param>
    /// <param name="activation">g. Softmax and binary cross-entropy take it as it is: leave it the identity for them.</param>
    /// <param name="bias">Is there a bias?</param>
    /// <param name="prefix">What stands before the names of parameters.</param>
    public Dense(Parameters<E> parameters, int inputSize, int outputSize, Activation activation = Activation.Identity, bool bias = true, string prefix = "decoder.")
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (inputSize < 1 || outputSize < 1) throw new GpuRnnException($"A dense layer from {inputSize} to {outputSize} cannot be: both are at least 1.");
        (Parameters, InputSize, OutputSize, Activation) = (parameters, inputSize, outputSize, activation);
        weight = parameters.Declare(prefix + "weight", outputSize, inputSize);
        if (bias) this.bias = parameters.Declare(prefix + "bias", outputSize);
        int width = KernelsFor(Loss.None).Width;
        packed = new(parameters.Device, (outputSize + width - 1) / width * width * (long)inputSize);
        packedBack = new(parameters.Device, (inputSize + width - 1) / width * width * (long)outputSize);
    }

    /// <summary>The model's parameters.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>K.</summary>
    public int InputSize { get; }
    /// <summary>V.</summary>
    public int OutputSize { get; }
    /// <summary>g.</summary>
    public Activation Activation { get; }

    internal DenseKernels<E> KernelsFor(Loss loss)
    {
        if (!kernels.TryGetValue(loss, out DenseKernels<E>? found)) kernels[loss] = found = DenseKernels<E>.Of(Parameters.Device, Activation, loss);
        return found;
    }

    /// <summary>Fills the parameters with uniform numbers from [-1 / sqrt(K), 1 / sqrt(K)), as PyTorch's Linear does.</summary>
    /// <param name="seed">The same seed, the same numbers.</param>
    public void Initialize(int seed)
    {
        Initializer.Uniform(Parameters, weight, 1 / Math.Sqrt(InputSize), seed);
        if (bias is not null) Initializer.Uniform(Parameters, bias, 1 / Math.Sqrt(InputSize), seed);
    }

    /// <summary>Plans the layer behind a pass.</summary>
    /// <param name="pass">Whose output it reads.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="lastOnly">Does it read each sequence's last step only (many-to-one), or every step?</param>
    public DensePass<E> Plan(Pass<E> pass, Loss loss = Loss.None, bool lastOnly = false)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentNullException.ThrowIfNull(pass);
        if (pass.OutputSize != InputSize) throw new GpuRnnException($"The dense layer reads {InputSize} numbers a step; the network gives {pass.OutputSize}.");
        if (loss is Loss.SoftmaxCrossEntropy or Loss.BinaryCrossEntropy && Activation != Activation.Identity)
            throw new GpuRnnException($"{loss} has its own activation: make the dense layer with Activation.Identity, not {Activation}.");
        return new(this, pass, loss, lastOnly);
    }

    /// <summary>The views of the weights, packed anew if they have changed.</summary>
    internal void Fill(ref OutputArguments<E> a, bool gradients)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Device device = Parameters.Device;
        (a.K, a.V) = (InputSize, OutputSize);
        (a.Weights, a.Bias) = (device.Buffer(Parameters.ValueOf(weight)), bias is null ? default : device.Buffer(Parameters.ValueOf(bias)));
        (a.Packed, a.PackedBack) = (packed.Buffer, packedBack.Buffer);
        if (gradients) (a.DWeights, a.DBias) = (device.Buffer(Parameters.GradientOf(weight)), bias is null ? default : device.Buffer(Parameters.GradientOf(bias)));
        if (packedVersion == Parameters.Version) return;
        KernelsFor(Loss.None).Pack(device.Stream, Layers.Plan.Config(device, device.Workers), a);
        packedVersion = Parameters.Version;
    }

    /// <summary>Frees the packed weights.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        packed.Dispose();
        packedBack.Dispose();
    }
}
