using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;

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
    /// <param name="groups">Parameters with rates and decays of their own.</param>
    /// <exception cref="BadArgumentException">A number is negative or none, or a beta is not below 1.</exception>
    public Adam(Parameters<E> parameters, double rate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, bool decoupled = true, ClipOptions? clip = null, IReadOnlyList<ParameterGroup>? groups = null)
        : base(parameters, typeof(AdamRule<,>), 2, clip, groups)
    {
        (Rate, this.decoupled) = (rate, decoupled);
        (this.beta1, this.beta2) = (Limits.Share(beta1, "Adam's beta1"), Limits.Share(beta2, "Adam's beta2"));
        (this.epsilon, decay) = (Limits.NotNegative(epsilon, "Adam's epsilon"), Limits.NotNegative(weightDecay, "Adam's weight decay"));
    }

    internal override string Kind => decoupled ? "adamw" : "adam";

    private protected override int Numbers(Span<double> numbers, double rate, double decayFactor, long step) => Put(numbers,
    [
        beta1, 1 - beta1, beta2, 1 - beta2, rate / (1 - Math.Pow(beta1, step)), 1 / Math.Sqrt(1 - Math.Pow(beta2, step)), epsilon,
        decoupled ? 0 : decay * decayFactor, decoupled ? 1 - rate * decay * decayFactor : 1,
    ]);
}
