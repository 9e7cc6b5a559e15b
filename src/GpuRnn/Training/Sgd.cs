using GpuRnn.Layers;
using ILGPU;

namespace GpuRnn.Training;

/// <summary>Stochastic gradient descent with momentum, as torch.optim.SGD has it (no dampening, no Nesterov).</summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Sgd<E> : Optimizer<E> where E : unmanaged
{
    readonly double momentum, decay;

    /// <summary>Makes the optimizer; all layers of the model have been declared by then.</summary>
    /// <param name="parameters">What it updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">How much of the last step's velocity stays.</param>
    /// <param name="weightDecay">Added to the gradient, times the weights.</param>
    /// <param name="clip">How gradients are bounded.</param>
    public Sgd(Parameters<E> parameters, double rate, double momentum = 0, double weightDecay = 0, ClipOptions? clip = null) : base(parameters, 1, clip) =>
        (Rate, this.momentum, decay) = (rate, momentum, weightDecay);

    private protected override void Update(ArrayView<E> values, ArrayView<E> gradients, ArrayView<E> control, long step) =>
        Elementwise.Sgd(values, gradients, State(0), control, Element.Of<E>(Rate), Element.Of<E>(momentum), Element.Of<E>(decay));
}
