using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>Stochastic gradient descent, with momentum and Nesterov's momentum, as torch.optim.SGD has it (without dampening).</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Sgd<E> : Optimizer<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly double momentum, decay;
    readonly bool nesterov;

    /// <summary>Makes the optimizer; all layers of the model have been declared by then.</summary>
    /// <param name="parameters">What it updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">How much of the last step's velocity stays.</param>
    /// <param name="weightDecay">Added to the gradient, times the weights.</param>
    /// <param name="clip">How gradients are bounded.</param>
    /// <param name="nesterov">Does a step look ahead along the velocity?</param>
    /// <param name="groups">Parameters with rates and decays of their own.</param>
    public Sgd(Parameters<E> parameters, double rate, double momentum = 0, double weightDecay = 0, ClipOptions? clip = null,
        bool nesterov = false,
        IReadOnlyList<ParameterGroup>? groups = null) : base(parameters, typeof(SgdRule<,>), 1, clip, groups)
    {
        (Rate, this.nesterov) = (rate, nesterov);
        (this.momentum, decay) = (Limits.NotNegative(momentum, "The momentum"), Limits.NotNegative(weightDecay, "The weight decay"));
        if (nesterov && momentum <= 0) throw new BadArgumentException($"Nesterov's momentum needs a momentum above 0, not {momentum}.");
    }

    internal override string Kind => nesterov ? "sgd_nesterov" : "sgd";

    private protected override int Numbers(Span<double> numbers, double rate, double decayFactor, long step) =>
        Put(numbers, [rate, momentum, decay * decayFactor, nesterov ? 1 : 0, nesterov ? momentum : 1]);
}
