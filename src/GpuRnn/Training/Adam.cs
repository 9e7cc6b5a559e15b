using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>Adam (Kingma and Ba 2015), as torch.optim.Adam has it: weight decay enters the gradient.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Adam<E> : AdaptiveMoments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Makes the optimizer; all layers of the model have been declared by then.</summary>
    /// <param name="parameters">What it updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">Decay rate of the first moment.</param>
    /// <param name="beta2">Decay rate of the second moment.</param>
    /// <param name="epsilon">What keeps the division finite.</param>
    /// <param name="weightDecay">Added to the gradient, times the weights.</param>
    /// <param name="clip">How gradients are bounded.</param>
    /// <param name="groups">Parameters with rates and decays of their own.</param>
    /// <exception cref="BadArgumentException">A number is negative or none, or a beta is not below 1.</exception>
    public Adam(Parameters<E> parameters, double rate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, ClipOptions? clip = null, IReadOnlyList<ParameterGroup>? groups = null)
        : base(parameters, rate, beta1, beta2, epsilon, weightDecay, clip, groups) { }

    internal override string Kind => "adam";

    private protected override (double Decay, double Shrink) Decayed(double rate, double decay) => (decay, 1);
}
