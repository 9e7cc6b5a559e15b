using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>What <see cref="Adam{E}"/> and <see cref="AdamW{E}"/> share: steps by the first moment over the root of the second.</summary>
/// <typeparam name="E">float or double.</typeparam>
public abstract class AdaptiveMoments<E> : Optimizer<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly double beta1, beta2, epsilon, decay;

    private protected AdaptiveMoments(Parameters<E> parameters, double rate, double beta1, double beta2, double epsilon, double weightDecay,
        ClipOptions? clip, IReadOnlyList<ParameterGroup>? groups) : base(parameters, typeof(AdamRule<,>), 2, clip, groups)
    {
        Rate = rate;
        (this.beta1, this.beta2) = (Limits.Share(beta1, "Adam's beta1"), Limits.Share(beta2, "Adam's beta2"));
        (this.epsilon, decay) = (Limits.NotNegative(epsilon, "Adam's epsilon"), Limits.NotNegative(weightDecay, "Adam's weight decay"));
    }

    /// <summary>What of the weights is added to the gradient, and what they are multiplied by.</summary>
    private protected abstract (double Decay, double Shrink) Decayed(double rate, double decay);

    private protected override int Numbers(Span<double> numbers, double rate, double decayFactor, long step)
    {
        (double added, double shrink) = Decayed(rate, decay * decayFactor);
        return Put(numbers,
        [
            beta1, 1 - beta1, beta2, 1 - beta2, rate / (1 - Math.Pow(beta1, step)), 1 / Math.Sqrt(1 - Math.Pow(beta2, step)),
            epsilon, added, shrink,
        ]);
    }
}
