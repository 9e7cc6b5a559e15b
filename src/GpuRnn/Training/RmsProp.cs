using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>RMSprop (Hinton 2012, lecture 6e) as torch.optim.RMSprop has it, not centred.</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class RmsProp<E> : Optimizer<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly double alpha, epsilon, momentum, decay;

    /// <summary>Makes the optimizer; all layers of the model have been declared by then.</summary>
    /// <param name="parameters">What it updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="alpha">How much of the mean square stays.</param>
    /// <param name="epsilon">What keeps the division finite.</param>
    /// <param name="momentum">How much of the last step's velocity stays.</param>
    /// <param name="weightDecay">Added to the gradient, times the weights.</param>
    /// <param name="clip">How gradients are bounded.</param>
    /// <param name="groups">Parameters with rates and decays of their own.</param>
    public RmsProp(Parameters<E> parameters, double rate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0,
        double weightDecay = 0,
        ClipOptions? clip = null, IReadOnlyList<ParameterGroup>? groups = null) : base(parameters, typeof(RmsPropRule<,>), 2, clip, groups)
    {
        (Rate, this.alpha) = (rate, Limits.Share(alpha, "RMSprop's alpha"));
        (this.epsilon, this.momentum) = (Limits.NotNegative(epsilon, "RMSprop's epsilon"), Limits.NotNegative(momentum, "The momentum"));
        decay = Limits.NotNegative(weightDecay, "The weight decay");
    }

    internal override string Kind => "rmsprop";

    private protected override int Numbers(Span<double> numbers, double rate, double decayFactor, long step) =>
        Put(numbers, [rate, alpha, 1 - alpha, epsilon, momentum, decay * decayFactor]);
}
