using GpuRnn.Layers;
using ILGPU;

namespace GpuRnn.Training;

/// <summary>Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), as torch.optim has them.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Adam<E> : Optimizer<E> where E : unmanaged
{
    readonly double beta1, beta2, epsilon, decay;
    readonly bool decoupled;

    /// <summary>Makes the optimizer; all layers of the model have been declared by then.</summary>
    /// <param name="parameters">What it updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">Decay rate of the first moment.</param>
    /// <param name="beta2">Decay rate of the second moment.</param>
    /// <param name="epsilon">What keeps the division finite.</param>
    /// <param name="weightDecay">Weight decay.</param>
    /// <param name="decoupled">Does the decay shrink the weights (AdamW), or enter the gradient (Adam)?</param>
    /// <param name="clip">How gradients are bounded.</param>
    public Adam(Parameters<E> parameters, double rate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, bool decoupled = true, ClipOptions? clip = null) : base(parameters, 2, clip) =>
        (Rate, this.beta1, this.beta2, this.epsilon, decay, this.decoupled) = (rate, beta1, beta2, epsilon, weightDecay, decoupled);

    private protected override void Update(ArrayView<E> values, ArrayView<E> gradients, ArrayView<E> control, long step) =>
        Elementwise.Adam(values, gradients, State(0), State(1), control, new(
            Element.Of<E>(beta1), Element.Of<E>(1 - beta1), Element.Of<E>(beta2), Element.Of<E>(1 - beta2),
            Element.Of<E>(Rate / (1 - Math.Pow(beta1, step))), Element.Of<E>(1 / Math.Sqrt(1 - Math.Pow(beta2, step))), Element.Of<E>(epsilon),
            Element.Of<E>(decoupled ? 0 : decay), Element.Of<E>(decoupled ? 1 - Rate * decay : 1)));
}
